const sql =
  /^\s*(select\s[\s\S]+\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\S+\s+as\s*\(|(create|alter|drop)\s+(table|index)\s)/i;

/** SQL stands in stores and migrations, where it is looked for. */
export const sqlInStores = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { stray: 'SQL belongs in outbound/*.store.ts or migrations/*.sql' },
  },
  create: (context) => ({
    Literal(node) {
      if (typeof node.value === 'string' && sql.test(node.value))
        context.report({ node, messageId: 'stray' });
    },
    TemplateLiteral(node) {
      if (sql.test(node.quasis.map(({ value }) => value.raw).join('$'))) {
        context.report({ node, messageId: 'stray' });
      }
    },
  }),
};

const unfinished = /\b(TODO|FIXME|XXX|HACK)\b/;
const withIssue = /\b(TODO|FIXME)\s*\(?#\d+/;

/** What is left for later has an issue that remembers it. */
export const todoNeedsIssue = {
  meta: { type: 'problem', schema: [], messages: { issue: 'A TODO names its issue: TODO(#12)' } },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (unfinished.test(comment.value) && !withIssue.test(comment.value)) {
          context.report({ loc: comment.loc, messageId: 'issue' });
        }
      }
    },
  }),
};

/** A comment of rules and signs divides a file that should have been two. */
export const noBanners = {
  meta: { type: 'problem', schema: [], messages: { banner: 'A banner: cut the file in two instead' } },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (/([-=*#~/_])\1{5,}/.test(comment.value))
          context.report({ loc: comment.loc, messageId: 'banner' });
      }
    },
  }),
};

/** A file that grows beyond its aim is said so, long before max-lines stops it. */
export const longFile = {
  meta: {
    type: 'suggestion',
    schema: [{ type: 'integer' }],
    messages: { long: '{{lines}} lines: the aim is {{aim}}; is this one idea?' },
  },
  create: (context) => ({
    Program(node) {
      const [aim] = context.options;
      const lines = context.sourceCode.lines.length;
      if (lines > aim) context.report({ node, messageId: 'long', data: { lines, aim } });
    },
  }),
};

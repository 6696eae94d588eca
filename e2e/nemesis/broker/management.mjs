import { ask } from '../http.mjs';

/** The management interface of a node: fetch takes no credentials in a URL, so they go into a header. */
export async function manage(node, path, options = {}) {
  const url = new URL(node.managementUrl);
  const authorization = `Basic ${Buffer.from(`${url.username}:${url.password}`).toString('base64')}`;
  return ask(`${url.origin}/api${path}`, {
    ...options,
    headers: { authorization, 'content-type': 'application/json', ...options.headers },
  });
}

export const virtualHostOf = (node) => decodeURIComponent(new URL(node.url).pathname.slice(1));

/** Connections of the services, by the names they give themselves: `remitflow-intake-consume` and so on. */
export async function connectionsOf(node) {
  const { status, body } = await manage(
    node,
    '/connections?columns=name,client_properties,user_provided_name',
  );
  if (status !== 200 || !Array.isArray(body)) return [];
  return body
    .map(({ name, client_properties: properties }) => ({ name, of: properties?.connection_name ?? '' }))
    .filter(({ of }) => of.startsWith('remitflow-'));
}

const timeoutMs = 10_000;

/**
 * One call over HTTP: `{status, body}`, or `{status: 0}` when nobody answered. The world is being broken, so that is an
 * answer like any other.
 */
export async function ask(url, options = {}) {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(options.timeoutMs ?? timeoutMs),
      ...options,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text) };
  } catch (error) {
    return { status: 0, body: { code: error.name, message: error.message } };
  }
}

export const post = (url, body, headers = {}) =>
  ask(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

/** Whether the same call may be answered otherwise a moment later. */
export const mayBeTriedAgain = ({ status }) => status === 0 || status === 429 || status >= 500;

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Calls to the control API. Every refusal becomes an `ApiRefusal` whose message is fit to show. */

export class ApiRefusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function call(method, path, { json, form, wait = 30000 } = {}) {
  const headers = { "X-Sandbox": "1" };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(`/sandbox/api/${path}`, {
      method,
      headers,
      body: form ?? (json === undefined ? undefined : JSON.stringify(json)),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(wait),
    });
  } catch {
    throw new ApiRefusal(0, "");
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new ApiRefusal(answer.status, typeof body.error === "string" ? body.error : "");
  return body;
}

export const get = (path) => call("GET", path);
export const post = (path, json = {}, options = {}) => call("POST", path, { json, ...options });

/** Send one file as multipart. */
export function postFile(path, file) {
  const form = new FormData();
  form.append("file", file, file.name);
  return call("POST", path, { form });
}

/** The path of something of one person's chat. */
export const chatPath = (userid, what = "") => `chat/${encodeURIComponent(userid)}${what && `/${what}`}`;

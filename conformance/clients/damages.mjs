// One bit that is not as it was signed, for clients that send with `fetch`.

const flip = (text, at) =>
  text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);

/** What damages a signed request: options of `fetch` in, options out. The body says "Hello". */
export const damages = {
  body: (init) => ({ ...init, body: flip(init.body, init.body.lastIndexOf("Hello")) }),
  signature: (init) => {
    const headers = new Headers(init.headers);
    const authorization = headers.get("authorization");
    headers.set("authorization", flip(authorization, authorization.length - 1));
    return { ...init, headers };
  },
};

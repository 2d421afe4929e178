// Starts and ends the program that the package carries, and talks to its admin endpoint.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("native/bin/bedrock", import.meta.url));
const listening = "listening on ";

/** The server could not be started, or it refused an admin request. The message says why. */
export class BedrockLocalError extends Error {
  name = "BedrockLocalError";
}

class BedrockLocal {
  #process;

  constructor(process, endpoint) {
    this.#process = process;
    this.endpoint = endpoint;
  }

  /** Ends the server; may be called twice. */
  async stop() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    const impatient = setTimeout(() => this.#process.kill("SIGKILL"), 5000);
    await ended;
    clearTimeout(impatient);
  }

  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    await this.stop();
  }

  /** Forgets the rules, the counts and the requests seen so far. */
  async reset() {
    await this.#admin("POST", "reset", {});
  }

  /** Adds rules after those that are there; docs/local-bedrock.md has their form. */
  async addRules(...rules) {
    await this.#admin("POST", "rules", { rules });
  }

  /** The most recent requests, the oldest first. */
  async requests() {
    return (await this.#admin("GET", "requests")).requests;
  }

  /** How often each fault happened, by name. */
  async faults() {
    return (await this.#admin("GET", "faults")).faults;
  }

  /** Settings for the clients of the AWS SDK for JavaScript. */
  clientSettings() {
    return {
      endpoint: this.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    };
  }

  /** The environment variables with which every AWS SDK finds this server. */
  environment() {
    return {
      AWS_ENDPOINT_URL_BEDROCK: this.endpoint,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: this.endpoint,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
    };
  }

  async #admin(method, name, body) {
    const response = await fetch(`${this.endpoint}/_local/${name}`, {
      method,
      headers: body && { "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) {
      throw new BedrockLocalError(`bedrock local refused ${method} ${name}: ${await response.text()}`);
    }
    return response.json();
  }
}

/** Starts a local Bedrock and waits until it listens. Rejects with BedrockLocalError when it does not in time. */
export async function startBedrockLocal({ args = [], program: other, startTimeoutMs = 10_000 } = {}) {
  const path = other ?? process.env.LLM_BEDROCK_LOCAL_PROGRAM ?? program;
  const child = spawn(path, ["local", "--port", "0", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (complaint += text).length > 65_536 && (complaint = ""));
  const watchdog = setTimeout(() => child.kill("SIGKILL"), startTimeoutMs);
  try {
    await once(child, "spawn");
  } catch (error) {
    clearTimeout(watchdog);
    throw new BedrockLocalError(`Could not start ${path}: ${error.message}.`);
  }
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([
    once(lines, "line").then(([text]) => text),
    once(child, "close").then(() => ""),
  ]);
  clearTimeout(watchdog);
  if (!line.startsWith(listening)) {
    child.kill("SIGKILL");
    throw new BedrockLocalError(`bedrock local did not start: ${complaint.trim() || line || "no output in time"}.`);
  }
  // A test that forgets to stop the server does not hang: the server does not keep Node alive, and ends with it.
  child.unref();
  child.stdout.unref();
  child.stderr.unref();
  process.once("exit", () => child.kill("SIGTERM"));
  return new BedrockLocal(child, line.slice(listening.length));
}

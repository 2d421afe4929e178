/** The server could not be started, or it refused an admin request. The message says why. */
export declare class BedrockLocalError extends Error {}

export interface BedrockLocalOptions {
  /** Further arguments of `bedrock local`. */
  args?: string[];
  /** Another program than the one in the package. */
  program?: string;
  /** Default: 10,000. */
  startTimeoutMs?: number;
}

export interface BedrockLocal {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** Ends the server; may be called twice. */
  stop(): Promise<void>;
  /** Forgets the rules, the counts and the requests seen so far. */
  reset(): Promise<void>;
  /** Adds rules after those that are there; docs/local-bedrock.md has their form. */
  addRules(...rules: object[]): Promise<void>;
  /** The most recent requests, the oldest first. */
  requests(): Promise<Array<Record<string, unknown>>>;
  /** How often each fault happened, by name. */
  faults(): Promise<Record<string, number>>;
  /** Settings for the clients of the AWS SDK for JavaScript. */
  clientSettings(): { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  /** The environment variables with which every AWS SDK finds this server. */
  environment(): Record<string, string>;
}

/** Starts a local Bedrock and waits until it listens. Rejects with BedrockLocalError when it does not in time. */
export declare function startBedrockLocal(options?: BedrockLocalOptions): Promise<BedrockLocal>;

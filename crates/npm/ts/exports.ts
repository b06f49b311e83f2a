export { Labelscope, type LabelscopeOptions, type RawReply } from "./client.js";
export type { CallOptions } from "./options.js";
export { LabelscopeError, type ErrorKind } from "./error.js";
export { Job, type WaitOptions } from "./job.js";
export { Datasets, Evaluations, Inputs } from "./jobs.js";
export { List, type Loose, type Page } from "./paging.js";
export * from "./generated.js";

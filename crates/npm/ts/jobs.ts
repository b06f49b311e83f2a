// The namespaces whose operations start something that takes time.
import type { CallOptions } from "./options.js";
import {
  DatasetsOperations,
  EvaluationsOperations,
  InputsOperations,
  type DatasetVersion,
  type DatasetVersionExport,
  type EvalMetrics,
  type Input,
  StatusCode,
  type UserAppIdSet,
} from "./generated.js";
import { Job } from "./job.js";
import type { Loose } from "./paging.js";

/** The one thing that was asked for; a reply of success always has it. */
function only<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new TypeError(`the reply has no ${what}`);
  return found;
}

interface Scoped {
  user_app_id?: Loose<UserAppIdSet>;
}

export class Datasets extends DatasetsOperations {
  /** Freezes a dataset as it is now. `await ls.datasets.createVersion({ dataset_id: "d" }).ready()` waits for the counts. */
  createVersion(
    { user_app_id, dataset_id, ...version }: Scoped & { dataset_id: string } & Loose<DatasetVersion>,
    options: CallOptions = {},
  ): Job<DatasetVersion> {
    const scope = user_app_id === undefined ? {} : { user_app_id };
    const started = this.createVersions({ ...scope, dataset_id, dataset_versions: [version] }, options);
    return new Job(
      started.then((reply) => only(reply.dataset_versions[0], "version")),
      async ({ id = "" }, how) => {
        const reply = await this.getVersion({ ...scope, dataset_id, dataset_version_id: id }, how);
        return only(reply.dataset_version, "version");
      },
      [StatusCode.DATASET_VERSION_PENDING, StatusCode.DATASET_VERSION_IN_PROGRESS],
      options,
    );
  }

  /** Asks for an export; once `ready()`, its `url` is where the archive is. */
  export(
    request: Scoped & { dataset_id: string; dataset_version_id: string } & Loose<DatasetVersionExport>,
    options: CallOptions = {},
  ): Job<DatasetVersionExport> {
    const { user_app_id, dataset_id, dataset_version_id, ...wanted } = request;
    const scope = user_app_id === undefined ? {} : { user_app_id };
    const ask = async (how: CallOptions): Promise<DatasetVersionExport> => {
      const reply = await this.putExports({ ...scope, dataset_id, dataset_version_id, exports: [wanted] }, how);
      return only(reply.exports[0], "export");
    };
    return new Job(
      ask(options),
      (_, how) => ask(how),
      [StatusCode.DATASET_VERSION_EXPORT_PENDING, StatusCode.DATASET_VERSION_EXPORT_IN_PROGRESS],
      options,
    );
  }
}

export class Inputs extends InputsOperations {
  /** An input until it is processed: `await ls.inputs.processed({ input_id: "i" }).ready()`. */
  processed(request: Scoped & { input_id: string }, options: CallOptions = {}): Job<Input> {
    const look = async (how: CallOptions): Promise<Input> => only((await this.get(request, how)).input, "input");
    return new Job(
      look(options),
      (_, how) => look(how),
      [StatusCode.INPUT_PENDING, StatusCode.INPUT_IN_PROGRESS],
      options,
    );
  }
}

export class Evaluations extends EvaluationsOperations {
  /** Starts one evaluation; `ready()` waits until it is over. */
  start({ user_app_id, ...wanted }: Scoped & Loose<EvalMetrics>, options: CallOptions = {}): Job<EvalMetrics> {
    const scope = user_app_id === undefined ? {} : { user_app_id };
    const started = this.create({ ...scope, eval_metrics: [wanted] }, options);
    return new Job(
      started.then((reply) => only(reply.eval_metrics?.[0], "evaluation")),
      async ({ id = "" }, how) => only((await this.get({ ...scope, evaluation_id: id }, how)).eval_metrics, "evaluation"),
      [StatusCode.MODEL_EVALUATING, StatusCode.MODEL_QUEUED_FOR_EVALUATION],
      options,
    );
  }
}

// 899 digits with the scores of real classifiers, brought in through the API. The reference figures are scikit-learn's.
import { expect, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../environment";
import { ownApp, send } from "./own-app";

const data = (name: string) => join(root, "testdata/digits", name);

/** As the API takes them at once. */
const BATCH = 100;

interface Scores {
  classes: string[];
  items: { id: string; true_label: string; scores: number[] }[];
}

function batches<T>(all: T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / BATCH) }, (_, i) => all.slice(i * BATCH, (i + 1) * BATCH));
}

/** Makes an app with the dataset `digits`, and a model of each name, whose version `NAME-1` says what the file says. */
export async function digits(page: Page, app: string, models: ("logreg" | "knn10")[] = ["logreg"]): Promise<void> {
  const post = await ownApp(page, app);
  const read = (model: string): Scores => JSON.parse(readFileSync(data(`predictions_${model}.json`), "utf8")) as Scores;
  const first = read(models[0] ?? "logreg");
  await post("POST", "/concepts", { concepts: first.classes.map((id) => ({ id, name: id })) });
  await post("POST", "/datasets", { datasets: [{ id: "digits" }] });
  for (const items of batches(first.items)) {
    const inputs = items.map((item) => ({
      id: item.id,
      dataset_ids: ["digits"],
      data: { image: { base64: readFileSync(data(`images/${item.id}.png`)).toString("base64") }, concepts: [{ id: item.true_label, value: 1 }] },
    }));
    await post("POST", "/inputs", { inputs });
  }
  for (const model of models) {
    await post("POST", "/models", { model: { id: model, name: model, model_type_id: "visual-classifier", model_version: { id: `${model}-1` } } });
    const { classes, items } = read(model);
    for (const some of batches(items)) {
      const annotations = some.map((item) => ({
        input_id: item.id,
        data: { concepts: classes.map((id, i) => ({ id, value: item.scores[i] })) },
        worker: { model: { id: model, model_version: { id: `${model}-1` } } },
      }));
      await post("POST", "/annotations", { annotations });
    }
  }
}

/** Evaluates a version on a dataset, waits until it is done, and gives the evaluation's id. */
export async function evaluate(page: Page, app: string, model: string, version: string, dataset: string): Promise<string> {
  const at = `/apps/${app}/evaluations`;
  const scope = { user_id: "me", app_id: app };
  const wanted = { model: { id: model, ...scope, model_version: { id: version } }, ground_truth_dataset: { id: dataset, ...scope } };
  const begun = await send(page, "POST", at, { eval_metrics: [wanted] });
  const id: string = begun.eval_metrics[0].id;
  await expect
    .poll(async () => (await send(page, "GET", `${at}/${id}`)).eval_metrics.status.code, { timeout: 40_000, message: `evaluation ${id}` })
    .toBe(21300);
  return id;
}

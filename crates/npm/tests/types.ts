// Compiled, never run: what a user may write, and what the compiler must refuse.
import { Labelscope, LabelscopeError, ExportFormat, type Concept, type MultiConceptResponse } from "labelscope";

const ls = new Labelscope({ baseUrl: "http://127.0.0.1:8080", token: "t", appId: "demo" });

export async function right(): Promise<void> {
  for await (const concept of ls.concepts.list({ id: "do" })) concept.id satisfies string | undefined;
  for await (const page of ls.concepts.list().pages()) page.reply satisfies MultiConceptResponse;
  const some: Concept[] = await ls.concepts.list().toArray({ limit: 3 });
  await ls.concepts.create({ concepts: [{ id: "a" }, ...some] }, { signal: AbortSignal.timeout(5) });
  const reply = await ls.call("GetConcept", { concept_id: "a" });
  reply.concept?.name satisfies string | undefined;
  const version = await ls.datasets.createVersion({ dataset_id: "d", description: "first" }).ready();
  version.metadata?.["free"] satisfies unknown;
  await ls.datasets.export({ dataset_id: "d", dataset_version_id: "v", format: ExportFormat.COCO }).ready();
  const error: unknown = new Error();
  if (error instanceof LabelscopeError) error.code satisfies number;
}

export async function wrong(): Promise<void> {
  // @ts-expect-error a concept is asked for by its id
  await ls.concepts.get({});
  // @ts-expect-error no such field
  ls.concepts.list({ colour: "red" });
  // @ts-expect-error an id is a text
  await ls.concepts.create({ concepts: [{ id: 5 }] });
  // @ts-expect-error no such operation
  await ls.call("GetNothing", {});
}

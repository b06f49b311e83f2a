"""The vendor's own Python client over REST and JSON: every operation of ours that it knows, each for what it is there for."""

import unittest

from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api import service_pb2 as s
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes
from google.protobuf import struct_pb2, timestamp_pb2

from local_server import APP, CALLED, ServerTest
from client_test import PHOTOGRAPHS

USER = r.UserAppIDSet(user_id="me")


def struct(values):
    out = struct_pb2.Struct()
    out.update(values)
    return out


class Operations(ServerTest):
    def concepts(self, *words):
        concepts = [r.Concept(id=self.name(w), name=f"{w} {self.mark}") for w in words]
        self.call("PostConcepts", s.PostConceptsRequest(user_app_id=APP, concepts=concepts))
        return [c.id for c in concepts]

    def inputs(self, count, **data):
        posted = [
            r.Input(
                id=self.name(f"input{at}"),
                data=r.Data(image=r.Image(base64=PHOTOGRAPHS[at].read_bytes()), **data),
            )
            for at in range(count)
        ]
        reply = self.call("PostInputs", s.PostInputsRequest(user_app_id=APP, inputs=posted))
        return [one.id for one in reply.inputs]

    def dataset(self, members):
        name = self.name("set")
        self.call("PostDatasets", s.PostDatasetsRequest(user_app_id=APP, datasets=[r.Dataset(id=name, description="of a test")]))
        self.call(
            "PostDatasetInputs",
            s.PostDatasetInputsRequest(
                user_app_id=APP, dataset_id=name, dataset_inputs=[r.DatasetInput(input=r.Input(id=m)) for m in members]
            ),
        )
        return name

    def version(self, dataset, **more):
        reply = self.call(
            "PostDatasetVersions",
            s.PostDatasetVersionsRequest(
                user_app_id=APP, dataset_id=dataset, dataset_versions=[r.DatasetVersion(id=self.name("v"), **more)]
            ),
        )
        self.assertIn(reply.dataset_versions[0].status.code, (codes.DATASET_VERSION_PENDING, codes.DATASET_VERSION_READY))

        def ask():
            return self.call(
                "GetDatasetVersion",
                s.GetDatasetVersionRequest(user_app_id=APP, dataset_id=dataset, dataset_version_id=self.name("v")),
            ).dataset_version

        return self.wait(ask, lambda v: v.status.code == codes.DATASET_VERSION_READY)

    # Users and apps

    def test_the_user_and_apps(self):
        self.assertTrue(self.call("GetUser", s.GetUserRequest(user_app_id=USER)).user.id)
        app = r.App(id=self.name("app"), name="an app of a test", default_language="en")
        self.call("PostApps", s.PostAppsRequest(user_app_id=USER, apps=[app]))
        mine = r.UserAppIDSet(user_id="me", app_id=app.id)
        self.assertIn(app.id, [a.id for a in self.call("ListApps", s.ListAppsRequest(user_app_id=USER, per_page=500)).apps])
        changed = r.App(id=app.id, name="another name", description="said later")
        self.call("PatchApps", s.PatchAppsRequest(user_app_id=USER, apps=[changed], action="overwrite"))
        self.call("PatchApp", s.PatchAppRequest(user_app_id=mine, app=r.App(notes="by path"), action="overwrite"))
        read = self.call("GetApp", s.GetAppRequest(user_app_id=mine)).app
        self.assertEqual((read.name, read.description), ("another name", "said later"))
        counts = self.call("GetResourceCounts", s.GetResourceCountsRequest(user_app_id=mine))
        self.assertEqual((counts.inputs, counts.datasets), (0, 0))
        self.call("DeleteApp", s.DeleteAppRequest(user_app_id=mine))
        self.call("GetApp", s.GetAppRequest(user_app_id=mine), codes.CONN_DOES_NOT_EXIST)

    # Concepts

    def test_concepts_searches_and_counts(self):
        cat, dog = self.concepts("cat", "dog")
        renamed = r.Concept(id=dog, name=f"Hündin {self.mark}")
        self.call("PatchConcepts", s.PatchConceptsRequest(user_app_id=APP, concepts=[renamed], action="overwrite"))
        query = r.ConceptQuery(name=f"HUNDIN {self.mark[:4]}*")
        found = self.call("PostConceptsSearches", s.PostConceptsSearchesRequest(user_app_id=APP, concept_query=query))
        self.assertEqual([c.id for c in found.concepts], [dog])
        self.inputs(2, concepts=[r.Concept(id=cat, value=1)])
        counts = []
        for page in range(1, 50):
            some = self.call("GetConceptCounts", s.GetConceptCountsRequest(user_app_id=APP, page=page, per_page=500)).concept_counts
            if not some:
                break
            counts += [c for c in some if c.id == cat]
        self.assertEqual(counts[0].concept_type_count.positive, 2)

    def test_languages(self):
        (dog,) = self.concepts("dog")
        languages = [r.ConceptLanguage(id="zh", name="狗", definition="一种动物"), r.ConceptLanguage(id="ar", name="كلب")]
        self.call("PostConceptLanguages", s.PostConceptLanguagesRequest(user_app_id=APP, concept_id=dog, concept_languages=languages))
        listed = self.call("ListConceptLanguages", s.ListConceptLanguagesRequest(user_app_id=APP, concept_id=dog)).concept_languages
        self.assertLessEqual({"zh", "ar"}, {one.id for one in listed})
        changed = [r.ConceptLanguage(id="ar", name="كَلْب")]
        self.call(
            "PatchConceptLanguages",
            s.PatchConceptLanguagesRequest(user_app_id=APP, concept_id=dog, concept_languages=changed, action="overwrite"),
        )
        one = self.call("GetConceptLanguage", s.GetConceptLanguageRequest(user_app_id=APP, concept_id=dog, language="ar"))
        self.assertEqual(one.concept_language.name, "كَلْب")
        query = r.ConceptQuery(name="狗*", language="zh")
        found = self.call("PostConceptsSearches", s.PostConceptsSearchesRequest(user_app_id=APP, concept_query=query))
        self.assertIn(dog, [c.id for c in found.concepts])

    def test_relations_and_graphs(self):
        honey, food, bread = self.concepts("honey", "food", "bread")
        graph = r.KnowledgeGraph(id=self.name("kg"), name="kitchen")
        self.call("PostKnowledgeGraphs", s.PostKnowledgeGraphsRequest(user_app_id=APP, knowledge_graphs=[graph]))
        graphs = self.call("ListKnowledgeGraphs", s.ListKnowledgeGraphsRequest(user_app_id=APP)).knowledge_graphs
        self.assertIn(graph.id, [g.id for g in graphs])
        for subject in (honey, bread):
            relation = r.ConceptRelation(object_concept=r.Concept(id=food), predicate="hyponym", knowledge_graph_id=graph.id)
            self.call(
                "PostConceptRelations",
                s.PostConceptRelationsRequest(user_app_id=APP, concept_id=subject, concept_relations=[relation]),
            )
        of_food = self.call("ListConceptRelations", s.ListConceptRelationsRequest(user_app_id=APP, concept_id=food)).concept_relations
        self.assertEqual(
            {(x.subject_concept.id, x.predicate, x.object_concept.id) for x in of_food},
            {(food, "hypernym", honey), (food, "hypernym", bread)},
        )
        all_of_graph = self.call(
            "ListConceptRelations", s.ListConceptRelationsRequest(user_app_id=APP, knowledge_graph_id=graph.id)
        ).concept_relations
        self.assertEqual({x.predicate for x in all_of_graph}, {"hyponym"})
        backwards = r.ConceptRelation(object_concept=r.Concept(id=honey), predicate="hyponym", knowledge_graph_id=graph.id)
        request = s.PostConceptRelationsRequest(user_app_id=APP, concept_id=food, concept_relations=[backwards])
        self.assertNotEqual(self.stub.PostConceptRelations(request, metadata=self.metadata).status.code, codes.SUCCESS)
        self.call("DeleteConceptRelations", s.DeleteConceptRelationsRequest(user_app_id=APP, concept_id=food, ids=[of_food[0].id]))
        left = self.call("ListConceptRelations", s.ListConceptRelationsRequest(user_app_id=APP, concept_id=food)).concept_relations
        self.assertEqual(len(left), 1)

    # Inputs and annotations

    def test_inputs_are_changed_counted_streamed_and_deleted(self):
        ids = self.inputs(3, metadata=struct({"mark": self.mark}))
        change = r.Input(id=ids[0], data=r.Data(metadata=struct({"more": {"deep": [1, None, True]}}), concepts=[r.Concept(id=self.name("new"), value=1)]))
        self.call("PatchInputs", s.PatchInputsRequest(user_app_id=APP, inputs=[change], action="merge"))
        read = self.call("GetInput", s.GetInputRequest(user_app_id=APP, input_id=ids[0])).input
        self.assertEqual(dict(read.data.metadata)["mark"], self.mark)
        self.assertEqual([c.id for c in read.data.concepts], [self.name("new")])
        self.assertGreaterEqual(self.call("GetInputCount", s.GetInputCountRequest(user_app_id=APP)).counts.processed, 3)
        newest = self.call("StreamInputs", s.StreamInputsRequest(user_app_id=APP, per_page=3, descending=True)).inputs
        self.assertEqual(len(newest), 3)
        after = self.call("StreamInputs", s.StreamInputsRequest(user_app_id=APP, per_page=2, last_id=ids[0])).inputs
        self.assertEqual([i.id for i in after], ids[1:3])
        listed = self.call("ListInputs", s.ListInputsRequest(user_app_id=APP, ids=ids, per_page=10)).inputs
        self.assertEqual([i.id for i in listed], ids)
        self.call("DeleteInput", s.DeleteInputRequest(user_app_id=APP, input_id=ids[0]))
        self.call("DeleteInputs", s.DeleteInputsRequest(user_app_id=APP, ids=ids[1:]))
        # The vendor's SDK sends this after every clean upload.
        self.call("DeleteInputs", s.DeleteInputsRequest(user_app_id=APP))
        self.call("GetInput", s.GetInputRequest(user_app_id=APP, input_id=ids[0]), codes.CONN_DOES_NOT_EXIST)

    def test_annotations(self):
        (first, second) = self.inputs(2)
        (box,) = self.concepts("box")
        region = r.Region(
            region_info=r.RegionInfo(bounding_box=r.BoundingBox(top_row=0.1, left_col=0.2, bottom_row=0.5, right_col=0.75)),
            data=r.Data(concepts=[r.Concept(id=box, value=1)]),
        )
        sent = r.Annotation(id=self.name("a"), input_id=first, data=r.Data(regions=[region]))
        self.call("PostAnnotations", s.PostAnnotationsRequest(user_app_id=APP, annotations=[sent]))
        read = self.call("GetAnnotation", s.GetAnnotationRequest(user_app_id=APP, input_id=first, annotation_id=sent.id)).annotation
        self.assertEqual(read.data.regions[0].region_info.bounding_box.right_col, 0.75)
        moved = r.Annotation()
        moved.CopyFrom(sent)
        moved.data.regions[0].region_info.bounding_box.right_col = 0.5
        self.call("PatchAnnotations", s.PatchAnnotationsRequest(user_app_id=APP, annotations=[moved], action="overwrite"))
        listed = self.call("ListAnnotations", s.ListAnnotationsRequest(user_app_id=APP, input_ids=[first], per_page=10)).annotations
        self.assertEqual([a.data.regions[0].region_info.bounding_box.right_col for a in listed], [0.5])
        filters = [r.Filter(annotation=r.Annotation(data=r.Data(concepts=[r.Concept(id=box, value=1)])))]
        search = r.Search(query=r.Query(filters=filters))
        hits = self.call("PostAnnotationsSearches", s.PostAnnotationsSearchesRequest(user_app_id=APP, searches=[search])).hits
        self.assertEqual([h.annotation.id for h in hits], [sent.id])
        self.call("DeleteAnnotation", s.DeleteAnnotationRequest(user_app_id=APP, input_id=first, annotation_id=sent.id))
        again = r.Annotation(input_id=second, data=r.Data(concepts=[r.Concept(id=box, value=1)]))
        self.call("PostAnnotations", s.PostAnnotationsRequest(user_app_id=APP, annotations=[again]))
        self.call("DeleteAnnotations", s.DeleteAnnotationsRequest(user_app_id=APP, input_ids=[second]))
        left = self.call("ListAnnotations", s.ListAnnotationsRequest(user_app_id=APP, input_ids=[first, second])).annotations
        self.assertEqual(len(left), 0)

    # Searches

    def test_searches(self):
        cat, dog = self.concepts("cat", "dog")
        with_cat = self.inputs(2, concepts=[r.Concept(id=cat, value=1)], metadata=struct({"mark": self.mark, "deep": {"k": 1}}), geo=r.Geo(geo_point=r.GeoPoint(longitude=10, latitude=50)))

        def ask(*filters, **more):
            search = r.Search(query=r.Query(filters=filters), **more)
            return self.call("PostInputsSearches", s.PostInputsSearchesRequest(user_app_id=APP, searches=[search], pagination=s.Pagination(page=1, per_page=100)))

        def annotation(**data):
            return r.Filter(annotation=r.Annotation(data=r.Data(**data)))

        by_concept = annotation(concepts=[r.Concept(id=cat, value=1)])
        self.assertEqual(sorted(h.input.id for h in ask(by_concept).hits), with_cat)
        self.assertEqual({h.score for h in ask(by_concept).hits}, {1.0})
        negated = r.Filter()
        negated.CopyFrom(by_concept)
        negated.negate = True
        self.assertEqual(len(ask(negated, annotation(metadata=struct({"mark": self.mark}))).hits), 0)
        self.assertEqual(len(ask(annotation(metadata=struct({"deep": {"k": 1}})), by_concept).hits), 2)
        near = r.Geo(geo_point=r.GeoPoint(longitude=10.01, latitude=50), geo_limit=r.GeoLimit(type="withinKilometers", value=5))
        self.assertEqual(len(ask(annotation(geo=near), by_concept).hits), 2)
        far = r.Geo(geo_point=r.GeoPoint(longitude=12, latitude=50), geo_limit=r.GeoLimit(type="withinMiles", value=5))
        self.assertEqual(len(ask(annotation(geo=far), by_concept).hits), 0)
        counted = self.call(
            "PostInputsSearches",
            s.PostInputsSearchesRequest(user_app_id=APP, searches=[r.Search(query=r.Query(filters=[by_concept]))], only_count=True),
        )
        self.assertEqual((counted.hit_counts[0].estimated_total, len(counted.hits)), (2, 0))
        # As of a time before it all there was nothing.
        past = timestamp_pb2.Timestamp(seconds=1_500_000_000)
        self.assertEqual(len(ask(annotation(metadata=struct({"mark": self.mark})), as_of=past).hits), 0)

    def test_saved_searches(self):
        (cat,) = self.concepts("cat")
        self.inputs(1, concepts=[r.Concept(id=cat, value=1)])
        filters = [r.Filter(annotation=r.Annotation(data=r.Data(concepts=[r.Concept(id=cat, value=1)])))]
        saved = r.Search(id=self.name("search"), name="cats", save=True, query=r.Query(filters=filters))
        self.call("PostInputsSearches", s.PostInputsSearchesRequest(user_app_id=APP, searches=[saved]))
        listed = self.call("ListSearches", s.ListSearchesRequest(user_app_id=APP, per_page=500)).searches
        self.assertIn(saved.id, [x.id for x in listed])
        renamed = r.Search(id=saved.id, name="all cats", query=r.Query(filters=filters))
        for method, request in (
            ("PatchInputsSearches", s.PatchInputsSearchesRequest),
            ("PatchAnnotationsSearches", s.PatchAnnotationsSearchesRequest),
            ("PatchSearches", s.PatchSearchesRequest),
        ):
            reply = getattr(self.stub, method)(request(user_app_id=APP, searches=[renamed], action="overwrite"), metadata=self.metadata)
            # A search over inputs is no search over annotations; the general path changes either.
            if method != "PatchAnnotationsSearches":
                self.assertEqual(reply.status.code, codes.SUCCESS, f"{method}: {reply.status.details}")
            CALLED.add(method)
        read = self.call("GetSearch", s.GetSearchRequest(user_app_id=APP, id=saved.id)).search
        self.assertEqual(read.name, "all cats")
        hits = self.call("PostSearchesByID", s.PostSearchesByIDRequest(user_app_id=APP, id=saved.id)).hits
        self.assertEqual(len(hits), 1)
        older = r.Query(ands=[r.And(input=r.Input(data=r.Data(concepts=[r.Concept(id=cat, value=1)])))])
        self.assertEqual(len(self.call("PostSearches", s.PostSearchesRequest(user_app_id=APP, query=older)).hits), 1)
        self.call("DeleteSearch", s.DeleteSearchRequest(user_app_id=APP, id=saved.id))
        self.call("GetSearch", s.GetSearchRequest(user_app_id=APP, id=saved.id), codes.CONN_DOES_NOT_EXIST)

    def test_annotation_filters_shape_versions(self):
        cat, dog = self.concepts("cat", "dog")
        cats = self.inputs(2, concepts=[r.Concept(id=cat, value=1)])
        name = self.dataset(cats)
        self.call(
            "PostAnnotations",
            s.PostAnnotationsRequest(user_app_id=APP, annotations=[r.Annotation(input_id=cats[0], data=r.Data(concepts=[r.Concept(id=dog, value=1)]))]),
        )
        filters = [r.Filter(annotation=r.Annotation(data=r.Data(concepts=[r.Concept(id=dog, value=1)])))]
        wanted = r.AnnotationFilter(id=self.name("f"), search=r.Search(query=r.Query(filters=filters)))
        self.call("PostAnnotationFilters", s.PostAnnotationFiltersRequest(user_app_id=APP, annotation_filters=[wanted]))
        listed = self.call("ListAnnotationFilters", s.ListAnnotationFiltersRequest(user_app_id=APP, per_page=500)).annotation_filters
        self.assertIn(wanted.id, [f.id for f in listed])
        self.call("PatchAnnotationFilters", s.PatchAnnotationFiltersRequest(user_app_id=APP, annotation_filters=[wanted], action="overwrite"))
        self.call("GetAnnotationFilter", s.GetAnnotationFilterRequest(user_app_id=APP, annotation_filter_id=wanted.id))
        config = r.AnnotationFilterConfig(annotation_filter=r.AnnotationFilter(id=wanted.id), ignore_empty_inputs=True)
        version = self.version(name, annotation_filter_config=config)
        self.assertEqual(version.metrics["/"].inputs_count.value, 1)
        self.call("DeleteAnnotationFilters", s.DeleteAnnotationFiltersRequest(user_app_id=APP, annotation_filter_ids=[wanted.id]))
        self.call("GetAnnotationFilter", s.GetAnnotationFilterRequest(user_app_id=APP, annotation_filter_id=wanted.id), codes.CONN_DOES_NOT_EXIST)

    # Datasets and versions

    def test_datasets_and_members(self):
        ids = self.inputs(2)
        name = self.dataset(ids)
        changed = r.Dataset(id=name, notes=f"Photographs of kitchens {self.mark}", metadata=struct({"k": 1}))
        self.call("PatchDatasets", s.PatchDatasetsRequest(user_app_id=APP, datasets=[changed], action="merge"))
        found = self.call("ListDatasets", s.ListDatasetsRequest(user_app_id=APP, search=f"kitchen {self.mark}", per_page=10)).datasets
        self.assertEqual([d.id for d in found], [name])
        self.assertEqual(self.call("GetDataset", s.GetDatasetRequest(user_app_id=APP, dataset_id=name)).dataset.notes, changed.notes)
        listed = self.call("ListDatasetInputs", s.ListDatasetInputsRequest(user_app_id=APP, dataset_id=name, per_page=10)).dataset_inputs
        self.assertEqual([m.input.id for m in listed], ids)
        self.call("GetDatasetInput", s.GetDatasetInputRequest(user_app_id=APP, dataset_id=name, input_id=ids[0]))
        other = r.Dataset(id=self.name("other"))
        self.call("PostDatasets", s.PostDatasetsRequest(user_app_id=APP, datasets=[other]))
        merge = r.Search(query=r.Query(filters=[r.Filter(input=r.Input(dataset_ids=[name]))]))
        self.call("PostDatasetInputs", s.PostDatasetInputsRequest(user_app_id=APP, dataset_id=other.id, search=merge))
        self.call("DeleteDatasetInputs", s.DeleteDatasetInputsRequest(user_app_id=APP, dataset_id=name, input_ids=ids[:1]))
        self.call("GetDatasetInput", s.GetDatasetInputRequest(user_app_id=APP, dataset_id=name, input_id=ids[0]), codes.CONN_DOES_NOT_EXIST)
        self.call("GetDatasetInput", s.GetDatasetInputRequest(user_app_id=APP, dataset_id=other.id, input_id=ids[0]))
        self.call("DeleteDatasets", s.DeleteDatasetsRequest(user_app_id=APP, dataset_ids=[name, other.id]))
        self.call("GetDataset", s.GetDatasetRequest(user_app_id=APP, dataset_id=name), codes.CONN_DOES_NOT_EXIST)

    def test_versions_and_their_metrics(self):
        (cat,) = self.concepts("cat")
        name = self.dataset(self.inputs(2, concepts=[r.Concept(id=cat, value=1)]))
        self.version(name, description="first", metadata=struct({"k": 1}))
        listed = self.call("ListDatasetVersions", s.ListDatasetVersionsRequest(user_app_id=APP, dataset_id=name)).dataset_versions
        self.assertEqual([v.id for v in listed], [self.name("v")])
        described = r.DatasetVersion(id=self.name("v"), description="described later")
        self.call(
            "PatchDatasetVersions",
            s.PatchDatasetVersionsRequest(user_app_id=APP, dataset_id=name, dataset_versions=[described], action="overwrite"),
        )
        ask = s.ListDatasetVersionMetricsGroupsRequest(user_app_id=APP, dataset_id=name, dataset_version_id=self.name("v"), per_page=500)
        groups = self.call("ListDatasetVersionMetricsGroups", ask).dataset_version_metrics_groups
        # What the vendor's SDK looks for.
        totals = [g for g in groups if g.type != r.CONCEPT_ID and g.value.string_value == "total"]
        self.assertEqual(len(totals), 1)
        self.assertEqual(totals[0].metrics.inputs_count.value, 2)
        concepts = [g for g in groups if g.type == r.CONCEPT_ID]
        self.assertEqual([g.metrics.positive_input_tags_count.value for g in concepts if g.value.string_value == cat], [2])
        for group in concepts:
            self.assertTrue(group.metrics.HasField("bounding_boxes_count") and group.metrics.HasField("polygons_count"))
        export = r.DatasetVersionExport(format=r.COCO)
        put = s.PutDatasetVersionExportsRequest(user_app_id=APP, dataset_id=name, dataset_version_id=self.name("v"), exports=[export])
        self.wait(
            lambda: self.call("PutDatasetVersionExports", put).exports[0],
            lambda e: e.status.code == codes.DATASET_VERSION_EXPORT_SUCCESS,
        )
        self.call("DeleteDatasetVersions", s.DeleteDatasetVersionsRequest(user_app_id=APP, dataset_id=name, dataset_version_ids=[self.name("v")]))
        gone = s.GetDatasetVersionRequest(user_app_id=APP, dataset_id=name, dataset_version_id=self.name("v"))
        self.call("GetDatasetVersion", gone, codes.CONN_DOES_NOT_EXIST)

    # Models and evaluations

    def test_models(self):
        kinds = self.call("ListModelTypes", s.ListModelTypesRequest(user_app_id=APP, per_page=100)).model_types
        self.assertIn("visual-classifier", [k.id for k in kinds])
        self.call("GetModelType", s.GetModelTypeRequest(user_app_id=APP, model_type_id="visual-classifier"))
        (cat,) = self.concepts("cat")
        info = r.OutputInfo(data=r.Data(concepts=[r.Concept(id=cat, value=1)]))
        model = r.Model(id=self.name("m"), name="a model", model_type_id="visual-classifier", output_info=info)
        self.call("PostModels", s.PostModelsRequest(user_app_id=APP, models=[model]))
        self.assertIn(model.id, [m.id for m in self.call("ListModels", s.ListModelsRequest(user_app_id=APP, per_page=500)).models])
        changed = r.Model(id=model.id, notes="trained elsewhere")
        self.call("PatchModels", s.PatchModelsRequest(user_app_id=APP, models=[changed], action="merge"))
        version = r.ModelVersion(id=self.name("mv"), description="first")
        self.call("PostModelVersions", s.PostModelVersionsRequest(user_app_id=APP, model_id=model.id, model_versions=[version]))
        read = self.call("GetModel", s.GetModelRequest(user_app_id=APP, model_id=model.id)).model
        self.assertEqual((read.notes, read.model_version.id, read.model_type_id), ("trained elsewhere", version.id, "visual-classifier"))
        outputs = self.call("GetModelOutputInfo", s.GetModelRequest(user_app_id=APP, model_id=model.id)).model
        self.assertEqual([c.id for c in outputs.output_info.data.concepts], [cat])
        described = r.ModelVersion(id=version.id, description="described later")
        self.call(
            "PatchModelVersions",
            s.PatchModelVersionsRequest(user_app_id=APP, model_id=model.id, model_versions=[described], action="merge"),
        )
        listed = self.call("ListModelVersions", s.ListModelVersionsRequest(user_app_id=APP, model_id=model.id)).model_versions
        self.assertEqual([v.description for v in listed], ["described later"])
        self.call("GetModelVersion", s.GetModelVersionRequest(user_app_id=APP, model_id=model.id, version_id=version.id))
        self.call("DeleteModelVersion", s.DeleteModelVersionRequest(user_app_id=APP, model_id=model.id, version_id=version.id))
        self.call("DeleteModel", s.DeleteModelRequest(user_app_id=APP, model_id=model.id))
        self.call("GetModel", s.GetModelRequest(user_app_id=APP, model_id=model.id), codes.MODEL_DOES_NOT_EXIST)
        self.call("PostModels", s.PostModelsRequest(user_app_id=APP, models=[model]))
        self.call("DeleteModels", s.DeleteModelsRequest(user_app_id=APP, ids=[model.id]))

    def test_evaluations(self):
        (cat,) = self.concepts("cat")
        ids = self.inputs(2, concepts=[r.Concept(id=cat, value=1)])
        name = self.dataset(ids)
        self.version(name)
        model = r.Model(id=self.name("m"), model_type_id="visual-classifier")
        self.call("PostModels", s.PostModelsRequest(user_app_id=APP, models=[model]))
        version = r.ModelVersion(id=self.name("mv"))
        self.call("PostModelVersions", s.PostModelVersionsRequest(user_app_id=APP, model_id=model.id, model_versions=[version]))
        predictions = [
            r.Annotation(
                input_id=one,
                model_version_id=version.id,
                data=r.Data(concepts=[r.Concept(id=cat, value=0.9)]),
            )
            for one in ids
        ]
        self.call("PostAnnotations", s.PostAnnotationsRequest(user_app_id=APP, annotations=predictions))
        named = r.Model(id=model.id, user_id="me", app_id="demo", model_version=version)
        truth = r.Dataset(id=name, user_id="me", app_id="demo", version=r.DatasetVersion(id=self.name("v")))
        sent = r.EvalMetrics(id=self.name("e"), model=named, ground_truth_dataset=truth)
        posted = self.call("PostEvaluations", s.PostEvaluationsRequest(user_app_id=APP, eval_metrics=[sent])).eval_metrics
        self.assertEqual(posted[0].status.code, codes.MODEL_QUEUED_FOR_EVALUATION)
        fields = r.FieldsValue(label_counts=True, test_set=True, binary_metrics=True)
        ask = s.GetEvaluationRequest(user_app_id=APP, evaluation_id=sent.id, fields=fields)
        waits = (codes.MODEL_QUEUED_FOR_EVALUATION, codes.MODEL_EVALUATING)
        done = self.wait(lambda: self.call("GetEvaluation", ask).eval_metrics, lambda e: e.status.code not in waits)
        self.assertEqual(done.status.code, codes.MODEL_EVALUATED, done.status.details)
        self.assertEqual([(c.concept.id, c.count) for c in done.label_counts.positive_label_counts], [(cat, 2)])
        self.assertEqual(len(done.test_set), 2)
        listed = self.call("ListEvaluations", s.ListEvaluationsRequest(user_app_id=APP, eval_dataset_ids=[name])).eval_metrics
        self.assertEqual([(e.id, e.ground_truth_dataset.app_id) for e in listed], [(sent.id, "demo")])
        scope = dict(user_app_id=APP, model_id=model.id, model_version_id=version.id)
        again = r.EvalMetrics(id=self.name("e2"), ground_truth_dataset=truth)
        self.call("PostModelVersionEvaluations", s.PostModelVersionEvaluationsRequest(eval_metrics=[again], **scope))
        self.wait(
            lambda: self.call(
                "GetModelVersionEvaluation", s.GetModelVersionEvaluationRequest(evaluation_id=again.id, **scope)
            ).eval_metrics,
            lambda e: e.status.code == codes.MODEL_EVALUATED,
        )
        both = self.call("ListModelVersionEvaluations", s.ListModelVersionEvaluationsRequest(**scope)).eval_metrics
        self.assertEqual({e.id for e in both}, {sent.id, again.id})

    # Status codes

    def test_status_codes(self):
        listed = self.call("ListStatusCodes", s.ListStatusCodesRequest()).statuses
        self.assertIn(codes.INPUT_DUPLICATE, [one.code for one in listed])
        self.call("GetStatusCode", s.GetStatusCodeRequest(status_code_id="30100"), codes.INPUT_DUPLICATE)


if __name__ == "__main__":
    unittest.main()

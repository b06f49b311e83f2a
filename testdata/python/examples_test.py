"""The published examples (testdata/wire): each request is sent as it stands, to an app that holds what it speaks of, and the
answer has the code and the shape of the published one."""

import base64
import json
import re
import unittest
import uuid
from pathlib import Path

import requests

from local_server import TOKEN, URL

FOLDER = Path(__file__).parent.parent
PICTURE = base64.b64encode(next(iter(sorted((FOLDER / "indoor85" / "images").glob("*.jpg")))).read_bytes()).decode()
HEADERS = {"Authorization": f"Key {TOKEN}", "Content-Type": "application/json"}

# What the answer is here where it is not success, and why.
OTHERWISE = {
    # A model would have to look at the picture or the text.
    "searches__csharp_by_image_pagination.json": 10040,
    "searches__docs2019_by_image.json": 10040,
    "searches__go_reverse_image_2.json": 10040,
    "searches__test_rank_image_url_request.json": 10040,
}
# Placeholders where only a real value can stand.
PLACEHOLDERS = {"LANGUAGE_ID_HERE": "ja"}


def fields():
    return json.loads((FOLDER / "fields.json").read_text(encoding="utf-8"))["operations"]


class Examples(unittest.TestCase):
    def call(self, method, path, body=None, params=None):
        reply = requests.request(method, URL + path, params=params, data=None if body is None else json.dumps(body), headers=HEADERS, timeout=30)
        return reply.status_code, reply.json()

    def make(self, what, name, body):
        """Makes what a request speaks of. False where nobody can."""
        at = f"/v2/users/me/apps/{self.app}"
        first = next((i for v in (body or {}).values() if isinstance(v, list) for i in v if isinstance(i, dict)), {})
        model = self.path.get("model_id") or first.get("model", {}).get("id")
        truth = self.path.get("dataset_id") or first.get("ground_truth_dataset", {}).get("id")
        todo = {
            "concept": lambda: ("POST", f"{at}/concepts", {"concepts": [{"id": name}]}),
            "input": lambda: ("POST", f"{at}/inputs", {"inputs": [{"id": name, "data": {"image": {"base64": PICTURE}}}]}),
            "input of this dataset": lambda: ("POST", f"{at}/datasets/{self.path['dataset_id']}/inputs", {"dataset_inputs": [{"input": {"id": name}}]}),
            "dataset": lambda: ("POST", f"{at}/datasets", {"datasets": [{"id": name}]}),
            "dataset version": lambda: ("POST", f"{at}/datasets/{truth}/versions", {"dataset_versions": [{"id": name}]}),
            "model": lambda: ("POST", f"{at}/models", {"models": [{"id": name}]}),
            "version": lambda: ("POST", f"{at}/models/{model}/versions", {"model_versions": [{"id": name}]}),
            "relation": lambda: self.relation(at, name),
            "evaluation": lambda: self.evaluation(at, name),
            "annotation filter": lambda: ("POST", f"{at}/annotation_filters", {"annotation_filters": [{"id": name}]}),
            "search": lambda: ("POST", f"{at}/inputs/searches", {"searches": [{"id": name, "save": True}]}),
            "knowledge graph": lambda: ("POST", f"{at}/concepts/knowledge_graphs", {"knowledge_graphs": [{"id": name}]}),
            "language": lambda: ("POST", f"{at}/concepts/{self.path.get('concept_id')}/languages", {"concept_languages": [{"id": name, "name": "x"}]}),
        }
        what = re.sub(r"concepts\[\d+\]$", "concept", what)
        kind = next((k for k in sorted(todo, key=len, reverse=True) if re.search(rf"(^|\b){k}$", what)), None)
        if kind is None or not name:
            return False
        _, answer = self.call(*todo[kind]())
        return answer["status"]["code"] in (10000, 10010)

    def relation(self, at, name):
        self.call("POST", f"{at}/concepts", {"concepts": [{"id": f"other-of-{name}"}]})
        relation = {"id": name, "object_concept": {"id": f"other-of-{name}"}, "predicate": "hyponym"}
        return "POST", f"{at}/concepts/{self.path['concept_id']}/relations", {"concept_relations": [relation]}

    def evaluation(self, at, name):
        self.call("POST", f"{at}/datasets", {"datasets": [{"id": "truth"}]})
        self.call("POST", f"{at}/models", {"models": [{"id": "m", "model_version": {"id": "v"}}]})
        one = {"id": name, "model": {"id": "m", "model_version": {"id": "v"}}, "ground_truth_dataset": {"id": "truth"}}
        return "POST", f"{at}/evaluations", {"eval_metrics": [one]}

    def send(self, example, rpc):
        asked = example["request"]
        self.app = f"example-{uuid.uuid4().hex[:12]}"
        self.call("POST", "/v2/users/me/apps", {"apps": [{"id": self.app}]})
        # The one app that an example makes.
        self.call("DELETE", "/v2/users/me/apps/APP_ID", {})
        template = max((p for p in rpc["paths"] if fits(p, asked["path"]) is not None), key=lambda p: -p.count("{"), default=None)
        if template is None:
            return None
        self.path = fits(template, asked["path"])
        self.path.pop("user_app_id.user_id", None)
        self.path.pop("user_app_id.app_id", None)
        best = max((p for p in rpc["paths"] if p.startswith("/v2/users/")), key=lambda p: sum(f"{{{k}}}" in p for k in self.path))
        body = asked.get("body") if isinstance(asked.get("body"), dict) else None
        (body or {}).pop("user_app_id", None)
        here = best.replace("{user_app_id.user_id}", "me").replace("{user_app_id.app_id}", self.app)
        for key, value in self.path.items():
            here = here.replace(f"{{{key}}}", requests.utils.quote(value, safe=""))
        text = json.dumps(body)
        # What names its owner names this one.
        text = re.sub(r'"(user_id|app_id)": "[^"]*"', lambda m: f'"{m[1]}": "{"me" if m[1] == "user_id" else self.app}"', text)
        body = json.loads(text)
        http, answer = None, None
        for _ in range(12):
            http, answer = self.call(rpc["method"], here, body, asked.get("query"))
            details = " ".join(said(answer))
            missing = re.search(r'([a-z_.\[\]0-9: ]*?)"([^"]*)" does not exist', details)
            if missing is None or not self.make(missing[1].strip(), missing[2], body):
                break
        return http, answer

    def test_requests_are_accepted_and_answered_alike(self):
        operations, sent, problems = fields(), 0, []
        for file in sorted((FOLDER / "wire").glob("*.json")):
            text = file.read_text(encoding="utf-8")
            for placeholder, value in PLACEHOLDERS.items():
                text = text.replace(placeholder, value)
            example = json.loads(text)
            rpc = operations.get(example.get("rpc") or "")
            asked = example.get("request")
            if rpc is None or not asked or not asked.get("path") or file.name.startswith("errors__"):
                continue
            if rpc["method"] in ("POST", "PUT", "PATCH") and not isinstance(asked.get("body"), dict):
                continue
            outcome = self.send(example, rpc)
            if outcome is None:
                problems.append(f"{file.name}: no path of {example['rpc']} fits {asked['path']}")
                continue
            sent += 1
            http, answer = outcome
            code = answer["status"]["code"]
            wanted = OTHERWISE.get(file.name, 10000)
            if code != wanted:
                problems.append(f"{file.name} ({example['rpc']}): HTTP {http} {json.dumps(answer)[:400]}")
                continue
            published = (example.get("response") or {}).get("body")
            if code == 10000 and isinstance(published, dict):
                known = {k for k, v in published.items() if v not in (None, [], {}, "")}
                lacking = {k for k in known - set(answer) if not k.startswith("eval_metrics")}
                if lacking:
                    problems.append(f"{file.name}: the published answer has {sorted(lacking)}, ours has {sorted(answer)}")
        self.assertEqual(problems, [], f"{len(problems)} of {sent}:\n" + "\n".join(problems))
        self.assertGreater(sent, 60)


def said(answer):
    """The details of every status in an answer."""
    if isinstance(answer, list):
        return [d for one in answer for d in said(one)]
    if not isinstance(answer, dict):
        return []
    own = [answer["details"]] if isinstance(answer.get("details"), str) else []
    return own + [d for one in answer.values() for d in said(one)]


def fits(template, path):
    """The parameters of a path, if it is one of the template."""
    want, have = template.split("/"), path.rstrip("/").split("/")
    if len(want) != len(have):
        return None
    found = {}
    for w, h in zip(want, have):
        if w.startswith("{"):
            found[w[1:-1]] = requests.utils.unquote(h)
        elif w != h:
            return None
    return found


if __name__ == "__main__":
    unittest.main()

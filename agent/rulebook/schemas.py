"""JSON schemas of the YAML files that users edit, for editors that complete and check while one types.

They are made from the models by which the files are read, so that they never say another thing. What only a whole file shows
(a word that is not defined, a rule that stands twice) is for `rules check` to tell.
"""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from agent.rulebook import checks, columns, forms, policy_form, providers, requirements, template_form, tracked

_MODELS: dict[str, type[BaseModel]] = {
    "policy": policy_form.PolicyForm,
    "template": template_form.TemplateFile,
    "forms": template_form.FormsFile,
    "tone": template_form.ToneFile,
    "phrases": forms.PhraseFile,
    "senders": forms.SenderFile,
    "headings": forms.HeadingsFile,
    "titles": forms.TitlesFile,
    "answers": forms.AnswersFile,
    "checks": checks.ChecksFile,
    "requirements": requirements.RequirementsFile,
    "providers": providers.ProvidersFile,
    "columns": columns.ColumnsFile,
    "interviews": tracked.InterviewsFile,
}


class _Schema(GenerateJsonSchema):
    """Names the dialect in which the schema is written."""

    def generate(self, schema: Any, mode: JsonSchemaMode = "validation") -> dict[str, Any]:
        """Return the schema with the dialect that it is written in."""
        return {"$schema": self.schema_dialect, **super().generate(schema, mode)}


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of one kind of file; `kinds()` has their names."""
    found: dict[str, Any] = _plain(_MODELS[kind].model_json_schema(by_alias=True, schema_generator=_Schema))
    return _partial(found) if kind == "policy" else found


def kinds() -> tuple[str, ...]:
    """Return the kinds of file that have a schema."""
    return tuple(_MODELS)


def kind_of(name: str) -> str | None:
    """Return the kind of a rules file by its name below the rules folder (`signals/en/offer.yaml`); None for no rules file."""
    folder, _, rest = name.removesuffix(".yaml").partition("/")
    match folder:
        case "signals":
            return "phrases"
        case "policies":
            return "policy"
        case "tone":
            return "tone"
        case "templates":
            return "forms" if rest.rpartition("/")[2] == "forms" else "template"
    return folder if folder in _MODELS and not rest else None


def heading(name: str) -> str:
    """Return the first line of a rules file, by which an editor finds its schema, relative to the file."""
    return f"# yaml-language-server: $schema={'../' * name.count('/')}schemas/{kind_of(name)}.json"


def _partial(policy: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a policy that may extend another: it names what differs, and `off` takes an entry or a key away."""
    off = {"const": "off", "description": "Takes away what the extended policy says here."}
    for name in ("RuleForm", "LimitForm", "ForbidForm", "WhenForm"):
        form = policy["$defs"][name]
        form.pop("required", None)
        form["properties"] = {key: {"anyOf": [value, off]} for key, value in form["properties"].items()}
    for name in ("rules", "limits", "forbids"):
        entries = policy["properties"][name]["patternProperties"]
        entries.update({pattern: {"anyOf": [value, off]} for pattern, value in entries.items()})
    policy.pop("required", None)
    extends = {"type": "string", "description": "The policy that this one changes; all that is not named is as written there."}
    return {**policy, "properties": {"extends": extends, **policy["properties"]}}


def _plain(value: Any) -> Any:
    """Return a schema without titles: they only repeat the names of keys and of our classes."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if not (key == "title" and isinstance(inner, str))}
    return [_plain(each) for each in value] if isinstance(value, list) else value

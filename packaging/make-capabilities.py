#!/usr/bin/env python3
"""Writes resources/capabilities/capabilities.json from the Python package litellm (MIT), and the
package's notice beside it.

    packaging/make-capabilities.py [VERSION]

Each model is a text: letters of what it can do, then the tokens that it reads and writes at the most
(0 or nothing: not known). A capital letter says what it is for, if that is not chat. "models" holds what
its maker says of a model, else what the providers that serve it agree on; "providers" holds what is
different at one of them. What the look-up of protocol/capabilities finds without an entry is left out.
"""

import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request
import zipfile

PACKAGE = "litellm"
TARGET = pathlib.Path(__file__).resolve().parent.parent / "resources" / "capabilities"

LETTERS = {
    "t": ("supports_function_calling",),
    "v": ("supports_vision", "supports_image_input"),
    "r": ("supports_reasoning",),
    "c": ("supports_prompt_caching",),
    "a": ("supports_audio_input",),
    "o": ("supports_audio_output",),
    "m": ("supports_video_input",),
    "d": ("supports_pdf_input",),
    "s": ("supports_response_schema",),
    "w": ("supports_web_search",),
}
MODALITIES = {"image": "v", "audio": "a", "video": "m"}
PURPOSES = {
    "chat": "",
    "completion": "",
    "responses": "",
    "embedding": "E",
    "image_generation": "I",
    "image_edit": "I",
    "audio_transcription": "T",
    "audio_speech": "S",
    "rerank": "R",
    "moderation": "M",
    "video_generation": "V",
    "realtime": "L",
}

# Who makes models, in the order in which they are believed where two list one name, and the names of
# the table of prices for the providers that channels can be of.
MAKERS = (
    "openai", "text-completion-openai", "anthropic", "gemini", "vertex_ai-language-models",
    "deepseek", "xai", "moonshot", "zai", "minimax", "cohere", "cohere_chat", "perplexity", "voyage",
    "mistral", "codestral", "dashscope", "volcengine", "tencent", "ai21", "meta_llama", "amazon_nova",
    "jina_ai", "xiaomi_mimo", "inception", "bigmodel",
)
PROVIDERS = {
    "openai": "openai",
    "anthropic": "anthropic",
    "gemini": "google",
    "moonshot": "moonshotai",
    "mistral": "mistral",
    "groq": "groq",
    "deepseek": "deepseek",
    "together_ai": "together",
    "novita": "novita",
    "xai": "x-ai",
    "azure": "azure",
    "azure_ai": "azure",
}
# Paths instead of names, or nothing that the gateway relays.
LEFT_OUT = {"fal_ai", "replicate", "runwayml", "deepgram", "soniox", "assemblyai", "aws_polly", "elevenlabs"}

BEDROCK = re.compile(
    r"^(?:(?:us|us-gov|eu|apac|ap|au|ca|jp|global)\.)?"
    r"(?:ai21|amazon|anthropic|cohere|deepseek|google|meta|minimax|mistral|moonshotai?|nvidia|openai|"
    r"qwen|stability|twelvelabs|writer|zai)\.(.+?)(?:-v?[0-9]+:[0-9]+|-v[0-9]+)?$")
NAME = re.compile(r"^(?=.*[-0-9])(?!.*-v[0-9]+:[0-9]+$)[a-z0-9][a-z0-9-]{2,}(?::[a-z0-9-]+)?$")
DATE = re.compile(r"-20[0-9]{2}-?(?:0[1-9]|1[0-2])-?[0-3][0-9]$")

Entry = collections.namedtuple("Entry", "purpose letters context output")


def canonical(key):
    """The name by which a model is looked up; None: it is no model's."""
    if any(re.search(r"[0-9]-x-[0-9]|max-x-max|commitment|steps", part) for part in key.split("/")):
        return None
    name = key.split("/")[-1].lower()
    bedrock = BEDROCK.match(name)
    name = bedrock.group(1) if bedrock else name
    name = re.sub("[._@]", "-", name.removesuffix("@default"))
    return name if NAME.match(name) else None


def family(name):
    return DATE.sub("", name).removesuffix("-latest")


def entry(model):
    letters = {letter for letter, flags in LETTERS.items() if any(model.get(flag) is True for flag in flags)}
    letters |= {MODALITIES[each] for each in model.get("supported_modalities", []) if each in MODALITIES}
    if "audio" in model.get("supported_output_modalities", []):
        letters.add("o")
    purpose = PURPOSES[model["mode"]]
    if purpose:  # that one listens, speaks or looks is what it is for
        letters &= set("v") if purpose == "E" else set("tvrao") if purpose == "L" else set()
    tokens = [model.get(limit) for limit in ("max_input_tokens", "max_output_tokens")]
    context, output = (each if isinstance(each, int) and each > 0 else 0 for each in tokens)
    return Entry(purpose, frozenset(letters), context, output if not purpose else 0)


def agreed(numbers):
    """The number that at least half of those who give one give."""
    known = [each for each in numbers if each]
    if not known:
        return 0
    number, count = max(collections.Counter(known).items(), key=lambda each: (each[1], -each[0]))
    return number if 2 * count >= len(known) else 0


def common(entries):
    """What two thirds of those that list anything say; None: they do not even agree on the purpose."""
    if len({each.purpose for each in entries}) != 1:
        return None
    telling = [each.letters for each in entries if each.letters]
    counts = collections.Counter(letter for each in telling for letter in each)
    letters = frozenset(letter for letter, count in counts.items() if 3 * count >= 2 * len(telling))
    return Entry(entries[0].purpose, letters,
                 agreed(each.context for each in entries), agreed(each.output for each in entries))


def with_families(models):
    """Adds the name without a date where all that have one are alike."""
    dated = collections.defaultdict(list)
    for name, each in models.items():
        if DATE.search(name):
            dated[DATE.sub("", name)].append(each)
    for name, each in dated.items():
        if name not in models and len({(one.purpose, one.letters) for one in each}) == 1:
            contexts, outputs = ({getattr(one, field) for one in each} for field in ("context", "output"))
            models[name] = each[0]._replace(context=contexts.pop() if len(contexts) == 1 else 0,
                                            output=outputs.pop() if len(outputs) == 1 else 0)
    return models


def found(name, *tables):
    for each in (name, family(name)):
        for table in tables:
            if each in table:
                return table[each]
    return None


def without(models, *others):
    """Families come first, so that what is like its family can go."""
    kept = {}
    for name in sorted(models, key=lambda each: (len(family(each)) != len(each), each)):
        if found(name, kept, *others) != models[name]:
            kept[name] = models[name]
    return dict(sorted(kept.items()))


def text(each):
    letters = each.purpose + "".join(letter for letter in LETTERS if letter in each.letters)
    return f"{letters} {each.context} {each.output}".removesuffix(" 0").removesuffix(" 0")


def read(raw):
    """Each provider's models by name."""
    providers = collections.defaultdict(lambda: collections.defaultdict(list))
    for key, model in raw.items():
        model = raw.get(model.get("alias_of"), model)
        provider = model.get("litellm_provider")
        name = canonical(key)
        if model.get("mode") in PURPOSES and provider not in LEFT_OUT and name and not key.startswith("ft:"):
            providers[provider][name].append(entry(model))
    return {provider: {name: one for name, each in models.items() if (one := common(each)) and text(one)}
            for provider, models in providers.items()}


def table(raw):
    providers = read(raw)
    models = {}
    for maker in MAKERS:
        for name, each in providers[maker].items():
            models.setdefault(name, each)
    served = collections.defaultdict(list)
    for offered in providers.values():
        for name, each in offered.items():
            served[name].append(each)
    for name, each in served.items():
        if name not in models and (one := common(each)) and text(one):
            models[name] = one
    models = without(with_families(models))
    own = collections.defaultdict(dict)
    for provider, identity in PROVIDERS.items():
        for name, each in providers[provider].items():
            own[identity].setdefault(name, each)
    for each in own.values():  # a provider that lists nothing says nothing
        for name, one in each.items():
            known = found(name, models)
            if known and known.purpose == one.purpose and not one.letters:
                each[name] = one._replace(letters=known.letters)
    own = {identity: without(with_families(each), models) for identity, each in sorted(own.items())}
    return models, {identity: each for identity, each in own.items() if each}


def day_of(version):
    request = urllib.request.Request(f"https://pypi.org/simple/{PACKAGE}/",
                                     headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    with urllib.request.urlopen(request) as answer:
        files = json.load(answer)["files"]
    return min(each["upload-time"][:10] for each in files if each["filename"].startswith(f"{PACKAGE}-{version}-"))


def lines(models):
    return ",\n".join(f"{json.dumps(name)}:{json.dumps(text(each))}" for name, each in models.items())


def main():
    wanted = f"{PACKAGE}=={sys.argv[1]}" if len(sys.argv) > 1 else PACKAGE
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
                        "--dest", folder, wanted], check=True)
        wheel = next(pathlib.Path(folder).glob("*.whl"))
        version = wheel.name.split("-")[1]
        with zipfile.ZipFile(wheel) as archive:
            raw = json.loads(archive.read(f"{PACKAGE}/model_prices_and_context_window_backup.json"))
            licence = archive.read(f"{PACKAGE}-{version}.dist-info/licenses/LICENSE")
    raw.pop("sample_spec", None)
    models, providers = table(raw)
    head = json.dumps({"source": PACKAGE, "version": version, "asOf": day_of(version), "licence": "MIT"},
                      separators=(",", ":"))
    own = ",\n".join(f"{json.dumps(identity)}:{{\n{lines(each)}\n}}" for identity, each in providers.items())
    TARGET.mkdir(exist_ok=True)
    (TARGET / "capabilities.json").write_text(
        f'{head[:-1]},"models":{{\n{lines(models)}\n}},"providers":{{\n{own}\n}}}}\n')
    (TARGET / "LICENSE").write_bytes(licence)
    print(f"{len(models)} models of {PACKAGE} {version}")


if __name__ == "__main__":
    main()

"""What callers hear: trees without faults, a sound for each prompt, people's voices in production."""

from hotline.flow.load_tree import load_trees
from hotline.flow.prompts import PROMPTS, Catalogue, ScriptError
from hotline.flow.topics import TOPICS, prompts_of, read_topics
from hotline.flow.tree import Tree, TreeError
from hotline.flow.turn import Clip
from hotline.preflight.finding import Finding, fine
from hotline.settings import Settings
from hotline.webhooks.switchboard import load_catalogue


def is_everything_spoken(settings: Settings) -> list[Finding]:
    try:
        catalogue, trees = load_catalogue(settings), load_trees(PROMPTS)
    except (TreeError, ScriptError) as broken:
        return [Finding(line, "Mend that file.") for line in str(broken).splitlines()]
    wrong = [
        finding
        for tree in trees.values()
        for language in sorted(set(tree.languages) & set(catalogue.scripts))
        for finding in _voices(tree, language, catalogue, settings)
    ]
    return wrong or fine("Every menu can be heard in each of its languages.")


def _voices(tree: Tree, language: str, catalogue: Catalogue, settings: Settings) -> list[Finding]:
    clips = {Clip(prompt, language) for prompt in prompts_of(tree, read_topics(TOPICS))}
    mute = []
    for kind in tree.speaks():
        if found := catalogue.speaker(kind, language):
            speaker, numbers = found
            clips |= {Clip(prompt, speaker) for prompt in numbers.needs[kind]}
        else:
            mute.append(f"numbers.{kind}")
    sounds = [catalogue.sound(clip) for clip in clips]
    missing = sorted([*mute, *(sound.prompt for sound in sounds if sound.source == "tone")])
    wrong = []
    if missing:
        says = f"{tree.name}, {language}: no sound for {', '.join(missing)}."
        wrong.append(Finding(says, "Run: hotline prompts make"))
    if settings.env == "production" and any(sound.source == "placeholder" for sound in sounds):
        says = f"{tree.name}, {language}: placeholder voices."
        wrong.append(Finding(says, f"Record people: hotline prompts take {language} PROMPT FILE"))
    return wrong

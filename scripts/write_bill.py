"""What is shipped, as CycloneDX 1.6: the locked Python packages with their hashes, and what comes from npm.

python scripts/write_bill.py bill-of-materials.json
"""

import json
import re
import sys
import tomllib
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)


def make_bill(root: Path = ROOT) -> Bom:
    """Every component of a production install."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    bill = Bom()
    bill.metadata.component = Component(
        name=project["name"], version=project["version"], type=ComponentType.APPLICATION
    )
    for component in (*_python(root), *_npm(root)):
        bill.components.add(component)
    return bill


def _python(root: Path) -> list[Component]:
    lock = (root / "requirements-production.lock").read_text("utf-8")
    starts = [*PINNED.finditer(lock)]
    ends = [*(one.start() for one in starts[1:]), len(lock)]
    return [
        Component(
            name=found[1],
            version=found[2],
            purl=PackageURL("pypi", name=found[1].lower(), version=found[2]),
            hashes=[
                HashType(alg=HashAlgorithm.SHA_256, content=digest)
                for digest in re.findall(r"--hash=sha256:([0-9a-f]{64})", lock[found.start() : end])
            ],
        )
        for found, end in zip(starts, ends, strict=True)
    ]


def _npm(root: Path) -> list[Component]:
    packages = json.loads((root / "package-lock.json").read_text("utf-8"))["packages"]
    named = ((path.removeprefix("node_modules/"), said) for path, said in packages.items())
    return [
        Component(name=name, version=said["version"], purl=_npm_url(name, said["version"]))
        for name, said in named
        if name and not said.get("dev")
    ]


def _npm_url(name: str, version: str) -> PackageURL:
    group, _, bare = name.rpartition("/")
    return PackageURL("npm", namespace=group or None, name=bare, version=version)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(JsonV1Dot6(make_bill()).output_as_string(indent=1), "utf-8")

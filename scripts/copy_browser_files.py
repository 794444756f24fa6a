"""Copy what the pages take from npm into hotline/web/static/lib: the fonts that fonts.css names, and the player."""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULES, STATIC = ROOT / "node_modules", ROOT / "hotline" / "web" / "static"
SCRIPTS = {"wavesurfer.js/dist/wavesurfer.esm.js": "wavesurfer.esm.js"}


def main() -> None:
    named = re.findall(
        r'url\("\.\./lib/(fonts/([a-z-]+)/([a-z0-9-]+\.woff2))"\)', (STATIC / "css/fonts.css").read_text()
    )
    files = {f"lib/{path}": _font(package, file) for path, package, file in named}
    files |= {f"lib/{to}": MODULES / of for of, to in SCRIPTS.items()}
    for to, of in files.items():
        if not of.exists():
            sys.exit(f"{of.relative_to(ROOT)} is missing: run make setup again")
        (STATIC / to).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(of, STATIC / to)


def _font(package: str, file: str) -> Path:
    variable = MODULES / "@fontsource-variable" / package / "files" / file
    return variable if variable.exists() else MODULES / "@fontsource" / package / "files" / file


if __name__ == "__main__":
    main()

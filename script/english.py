#!/usr/bin/env python3
"""Measures the English and the documentation of Swift comments and Markdown.

Prints each measure that is over its limit, with the places that cause it, and exits with 1; otherwise prints nothing.

- Doc comments that begin with What, Whether, How, Who, Where, When or Whose: at most 3 in 100.
- Words such as "whoever" and "somebody" in comments, texts and Markdown: at most 0.5 in 1,000.
- Public and package symbols with a doc comment: at least 85 in 100.

With --list, prints all findings and the figures, and exits with 0. PATHS default to the sources and the documentation.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

MOST_BEGINNINGS = 3.0
MOST_VAGUE_WORDS = 0.5
LEAST_DOCUMENTED = 85.0
PATHS = ["Sources", "Documentation", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "Examples"]

BEGINNING = re.compile(r"(What|Whether|How|Who|Where|When|Whose)\b")
VAGUE = re.compile(
    r"\b(who(?:m|so)?ever|whosever|whatever|whichever|wherever|whenever|some(?:body|one)|nobody|no one|anybody"
    r"|every(?:body|one))\b",
    re.IGNORECASE,
)
ATTRIBUTES = r"(?:@\w+(?:\([^)]*\))?\s+)*(?:nonisolated\s+)?"
MODIFIERS = (
    r"(?:(?:static|final|indirect|mutating|borrowing|consuming|override|convenience|required|lazy|weak"
    r"|(?:private|package)\(set\))\s+)*"
)
KINDS = "func|var|let|struct|enum|class|protocol|init|actor|typealias|subscript|case"
DECLARATION = re.compile(rf"\s*{ATTRIBUTES}(?:public|package)\s+{MODIFIERS}(?:{KINDS})\b")
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


class Findings:
    """Counts of one kind, and the places of what is counted as wrong."""

    def __init__(self) -> None:
        self.total = 0
        self.places: list[str] = []

    def share(self, of: float) -> float:
        return of * len(self.places) / max(self.total, 1)


class Measurement:
    def __init__(self) -> None:
        self.beginnings = Findings()
        self.vague = Findings()
        self.undocumented = Findings()

    def read(self, path: str) -> None:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
        if path.endswith(".md"):
            self.read_markdown(path, lines)
        else:
            self.read_swift(path, lines)

    def read_markdown(self, path: str, lines: list[str]) -> None:
        is_code = False
        for number, line in enumerate(lines, 1):
            if line.strip().startswith("```"):
                is_code = not is_code
            elif not is_code:
                self.read_text(line, f"{path}:{number}")

    def read_swift(self, path: str, lines: list[str]) -> None:
        was_comment = False
        for number, line in enumerate(lines, 1):
            place = f"{path}:{number}"
            stripped = line.strip()
            is_comment = stripped.startswith("///")
            if is_comment:
                text = stripped[3:].strip()
                if not was_comment:
                    self.beginnings.total += 1
                    if BEGINNING.match(text):
                        self.beginnings.places.append(f"{place}: {text}")
            elif stripped.startswith("//"):
                text = stripped[2:]
            else:
                comment = re.search(r"\s//\s(.*)$", line)
                # A literal of several words is a text for people.
                texts = [literal for literal in LITERAL.findall(line) if literal.count(" ") >= 3]
                text = " ".join(([comment.group(1)] if comment else []) + texts)
                self.read_declaration(lines, number, place)
            self.read_text(text, place)
            was_comment = is_comment

    def read_declaration(self, lines: list[str], number: int, place: str) -> None:
        line = lines[number - 1]
        if not DECLARATION.match(line):
            return
        self.undocumented.total += 1
        above = number - 2
        while above >= 0 and lines[above].strip().startswith("@"):
            above -= 1
        if above < 0 or not lines[above].strip().startswith("///"):
            self.undocumented.places.append(f"{place}: {line.strip()}")

    def read_text(self, text: str, place: str) -> None:
        self.vague.total += len(re.findall(r"[A-Za-z']+", text))
        for word in VAGUE.finditer(text):
            self.vague.places.append(f"{place}: {word.group(0)}: {text.strip()[:140]}")


def files(paths: list[str]) -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *paths]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
    return sorted({name for name in names if name.endswith((".swift", ".md")) and Path(name).exists()})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="print all findings and the figures")
    parser.add_argument("paths", nargs="*", default=PATHS, metavar="PATH")
    options = parser.parse_args()
    measurement = Measurement()
    for path in files(options.paths):
        measurement.read(path)
    beginnings = measurement.beginnings.share(100)
    vague = measurement.vague.share(1000)
    documented = 100 - measurement.undocumented.share(100)
    measures = [
        (
            beginnings > MOST_BEGINNINGS,
            f"{beginnings:.1f} % of the doc comments begin with What, Whether, How …; at most {MOST_BEGINNINGS} %",
            measurement.beginnings,
        ),
        (
            vague > MOST_VAGUE_WORDS,
            f"{vague:.2f} of 1,000 words are of the kind of “somebody”; at most {MOST_VAGUE_WORDS}",
            measurement.vague,
        ),
        (
            documented < LEAST_DOCUMENTED,
            f"{documented:.0f} % of the public and package symbols are documented; at least {LEAST_DOCUMENTED} %",
            measurement.undocumented,
        ),
    ]
    for is_over, sentence, findings in measures:
        if is_over or options.list:
            print(*findings.places, sentence, sep="\n")
    return 1 if not options.list and any(is_over for is_over, _, _ in measures) else 0


if __name__ == "__main__":
    sys.exit(main())

"""What the other programs of this folder ask about a built program."""
import re
import subprocess
from pathlib import Path


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def libraries_of(program):
    """Path of every shared library that the program loads, by name."""
    found = re.findall(r"^\s+(?:(\S+) => )?(/\S+)", output_of("ldd", str(program)), re.MULTILINE)
    return {name or Path(path).name: Path(path) for name, path in found}

#!/usr/bin/env python3
"""The bill of materials names what is inside the command: sbom_test.py MAKE_SBOM BUILD PROGRAM."""
import importlib.machinery
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

MAKE_SBOM, BUILD, PROGRAM = sys.argv[1:4]


def make_sbom_module():
    """The program as a module."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(Path(MAKE_SBOM).parent))
    loader = importlib.machinery.SourceFileLoader("make_sbom", MAKE_SBOM)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("make_sbom", loader))
    loader.exec_module(module)
    return module


def make(licences):
    return subprocess.run([sys.executable, MAKE_SBOM, BUILD, PROGRAM, "1.2.3", licences],
                          check=True, capture_output=True, text=True).stdout


class Sbom(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.licences = Path(folder.name, "licenses")
        cls.text = make(cls.licences)
        cls.bom = json.loads(cls.text)
        cls.components = {entry["name"]: entry for entry in cls.bom["components"]}

    def test_is_cyclonedx_of_the_command(self):
        self.assertEqual((self.bom["bomFormat"], self.bom["specVersion"]), ("CycloneDX", "1.5"))
        self.assertRegex(self.bom["serialNumber"], r"^urn:uuid:[0-9a-f-]{36}$")
        root = self.bom["metadata"]["component"]
        self.assertEqual((root["name"], root["version"]), ("bedrock", "1.2.3"))
        self.assertEqual(self.bom["dependencies"][0]["dependsOn"], [entry["bom-ref"] for entry in self.bom["components"]])

    def test_names_headers_archives_and_shared_libraries(self):
        for name in ("boost1.81", "libedit", "curl", "openssl", "simdjson", "nghttp2", "libdeflate", "glibc"):
            self.assertIn(name, self.components)

    def test_names_version_and_licence_of_each(self):
        for name, entry in self.components.items():
            self.assertTrue(re.match(r"[0-9]", entry["version"]), name)
            self.assertTrue(all(licence["license"]["name"] for licence in entry["licenses"]), name)
            self.assertTrue(entry["licenses"], name)
            self.assertTrue(Path(self.licences, f"{name}.txt").stat().st_size, name)

    def test_encodes_versions_in_package_urls(self):
        for name, entry in self.components.items():
            self.assertRegex(entry["purl"], r"^pkg:deb/debian/[^@]+@[\w.~%-]+\?arch=source$", name)
        self.assertEqual(make_sbom_module().package_url("deb/debian", "x", "1:2.0+ds~1-3"),
                         "pkg:deb/debian/x@1%3A2.0%2Bds~1-3")

    def test_stops_when_a_notice_is_missing(self):
        with self.assertRaisesRegex(SystemExit, "make_sbom: unheard-of has no notice"):
            make_sbom_module().component("unheard-of", "1", {"unheard-of-dev"}, self.licences)

    def test_is_the_same_every_time(self):
        self.assertEqual(make(self.licences), self.text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

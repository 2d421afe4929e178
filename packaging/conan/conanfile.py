"""llm-bedrock as a Conan package: `conan create packaging/conan --no-remote`.

What it is built with comes from the system: Debian's packages, which are asked for as system requirements."""
import re
from pathlib import Path

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy
from conan.tools.system.package_manager import Apt

BUILT_FROM = ("CMakeLists.txt", "LICENSE", "README.md", "cmake/*", "data/*", "include/*", "local/*", "packaging/*", "src/*", "tools/*")


class LlmBedrock(ConanFile):
    name = "llm-bedrock"
    license = "Apache-2.0"
    description = "Talk to Amazon Bedrock from C++, and test against a local one"
    topics = ("aws", "bedrock", "llm")
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "local": [True, False]}
    default_options = {"shared": False, "local": True}

    def set_version(self):
        project = Path(self.recipe_folder, "..", "..", "CMakeLists.txt").read_text(encoding="utf-8")
        self.version = re.search(r"project\(llm-bedrock VERSION ([0-9.]+)", project).group(1)

    def export_sources(self):
        root = Path(self.recipe_folder, "..", "..").resolve()
        for pattern in BUILT_FROM:
            copy(self, pattern, root, self.export_sources_folder, excludes=("*_test.cpp",))

    def validate(self):
        check_min_cppstd(self, 23)

    def system_requirements(self):
        packages = ["libcurl4-openssl-dev", "libssl-dev", "libsimdjson-dev", "libdeflate-dev", "pkg-config"]
        if self.options.local:
            packages += ["libboost1.81-dev", "libnghttp2-dev"]
        Apt(self).install(packages)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        for name, value in (("TESTS", False), ("CLI", False), ("EXAMPLES", False), ("LOCAL", bool(self.options.local))):
            toolchain.cache_variables[f"BEDROCK_{name}"] = value
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", self.source_folder, str(Path(self.package_folder, "licenses")))
        CMake(self).install()

    def package_info(self):
        # The package's own CMake files: the same targets with Conan as without.
        self.cpp_info.set_property("cmake_find_mode", "none")
        root = Path(self.package_folder)
        self.cpp_info.builddirs = [str(file.parent.relative_to(root)) for file in root.rglob("llm-bedrock-config.cmake")]

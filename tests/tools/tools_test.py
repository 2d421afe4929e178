#!/usr/bin/env python3
"""The checks of tools/ fail on what they are there to find. Each case is a small tree of its own."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).parent.parent.parent


def run(tool, files):
    """The exit code and the complaints of a tool about a tree of these files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        done = subprocess.run([sys.executable, TOP / "tools" / tool, folder], capture_output=True, text=True, check=False)
        return done.returncode, done.stderr


class CheckLayers(unittest.TestCase):
    def assert_refused(self, files, complaint):
        code, complaints = run("check_layers", files)
        self.assertEqual(code, 1)
        self.assertIn(complaint, complaints)

    def test_accepts_what_the_table_allows(self):
        code, complaints = run("check_layers", {
            "src/bedrock/call/pipeline.cpp": '#include "aws/protocol/retry.hpp"\n#include <vector>\n',
            "local/script/faults.cpp": '#include "aws/protocol/event_stream.hpp"\n#include "local/http/message.hpp"\n',
        })
        self.assertEqual((code, complaints), (0, ""))

    def test_refuses_an_include_that_points_up(self):
        self.assert_refused({"src/aws/signer.cpp": '#include "bedrock/call/pipeline.hpp"\n'},
                            "src/aws/signer.cpp:1: aws may not include bedrock/call/pipeline.hpp")

    def test_refuses_an_include_of_a_sibling_folder(self):
        self.assert_refused({"src/bedrock/codec/text/llama.cpp": '#include "bedrock/codec/claude/messages.hpp"\n'},
                            "bedrock/codec/text may not include bedrock/codec/claude/messages.hpp")

    def test_refuses_bedrock_in_the_local_bedrock(self):
        self.assert_refused({"local/service.cpp": '#include "bedrock/codec/codec.hpp"\n'},
                            "local may not include bedrock/codec/codec.hpp")

    def test_refuses_a_file_of_a_folder_that_is_open_in_part(self):
        self.assert_refused({"local/frontend/authentication.cpp": '#include "aws/signer.hpp"\n'},
                            "local/frontend may not include aws/signer.hpp")

    def test_refuses_a_private_header_in_the_command(self):
        self.assert_refused({"cli/main.cpp": '#include "aws/protocol/retry.hpp"\n'}, "cli sees public headers only")

    def test_refuses_a_library_outside_its_folder(self):
        self.assert_refused({"src/aws/endpoint.cpp": "#include <curl/curl.h>\n"}, "<curl/curl.h> belongs to http")

    def test_refuses_a_folder_without_a_row(self):
        self.assert_refused({"src/bedrock/attic/old.cpp": "\n"}, "the folder bedrock/attic has no row")

    def test_refuses_a_clock_in_the_pure_zone(self):
        self.assert_refused({"src/bedrock/codec/codec.cpp": "auto now = std::chrono::steady_clock::now();\n"},
                            "the pure zone touches the world")

    def test_refuses_the_environment_in_the_rules_of_a_protocol(self):
        self.assert_refused({"src/aws/protocol/sigv4.cpp": 'auto key = getenv("AWS_SECRET_ACCESS_KEY");\n'},
                            "the pure zone touches the world")

    def test_refuses_a_file_read_outside_the_seams(self):
        self.assert_refused({"src/llm/media.cpp": "#include <fcntl.h>\n"}, "only System and Transport touch the world")

    def test_refuses_a_library_in_a_public_header(self):
        self.assert_refused({"include/llm/x.hpp": "#include <fmt/format.h>\n"}, "public headers are standard library only")

    def test_leaves_tests_alone(self):
        code, _ = run("check_layers", {"src/base/text_test.cpp": '#include "bedrock/codec/codec.hpp"\n'})
        self.assertEqual(code, 0)


class CheckMessages(unittest.TestCase):
    def complaints(self, call):
        return run("check_messages", {"src/aws/x.cpp": f"auto e = {call};\n"})[1]

    def test_accepts_sentences(self):
        self.assertEqual(self.complaints(
            'make_error(ErrorCode::server_error, "Profile \\"" + name + "\\" has no region.", "Set AWS_REGION.")'), "")
        self.assertEqual(self.complaints('base::configuration_error("max_retries must be 0 to 100.")'), "")
        self.assertEqual(self.complaints('make_error(code, name + " was refused (see http://x.example).")'), "")

    def test_refuses_a_small_letter(self):
        self.assertIn("begins with a small letter", self.complaints('make_error(code, "the host is gone.")'))

    def test_refuses_a_missing_full_stop(self):
        self.assertIn("has no full stop", self.complaints('make_error(code, "The host " + host + " is gone")'))
        self.assertIn("has no full stop", self.complaints('make_error(code, "The host is gone.", "Try again")'))

    def test_refuses_advice_behind_a_semicolon(self):
        self.assertIn("semicolon", self.complaints('configuration_error("The host is gone; try again.")'))

    def test_refuses_what_no_engineer_writes(self):
        self.assertIn("is no h", self.complaints('configuration_error("The host is no host name.")'))

    def test_reads_literals_over_several_lines(self):
        self.assertEqual(self.complaints('make_error(code, "The host "\n    "is gone.")'), "")

    def test_reads_no_comment(self):
        self.assertEqual(self.complaints('0;  // make_error(code, "the host")'), "")


if __name__ == "__main__":
    unittest.main()

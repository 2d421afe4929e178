#include "aws/shared_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "tests/support/row_name.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using test_support::row_name;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string dump(const Section& section) {
  std::string text;
  for (const auto& [key, property] : section) {
    text += key + "=" + property.value;
    for (const auto& [nested_key, value] : property.nested)
      text += "{" + nested_key + "=" + value + "}";
    text += ";";
  }
  return text;
}

std::string dump(const std::map<std::string, Section, std::less<>>& sections) {
  std::string text;
  for (const auto& [name, section] : sections) text += "[" + name + "]" + dump(section);
  return text;
}

struct GrammarCase {
  std::string_view rule;
  std::string_view text;
  std::string_view sections;
  std::size_t warnings = 0;
};

// Rules of the AWS SDKs and Tools Reference Guide and of smithy-rs.
constexpr GrammarCase kGrammar[] = {
    {"an empty file", "", ""},
    {"a section without properties", "[a]\n", "[a]"},
    {"blanks around key and value are ignored", "[a]\nk \t= \t v w\t \n", "[a]k=v w;"},
    {"blanks around a name are ignored", "[ \tprofile \t a ]\n", "[profile a]"},
    {"the last line needs no line feed", "[a]\nk=v", "[a]k=v;"},
    {"lines may end with CR LF", "[a]\r\nk=v\r\n c\r\n", "[a]k=v\nc;"},
    {"a byte order mark is skipped", "\xEF\xBB\xBF[a]\nk=v", "[a]k=v;"},
    {"# and ; in column 0 are comments", "# x\n; y = z\n[a]\n#k=v\n;[b]", "[a]"},
    {"a line of blanks is skipped", "[a]\n \t \n\nk=v", "[a]k=v;"},
    {"a comment may follow a header", "[a] # x\n[b]; y\n[c]\t;z", "[a][b][c]"},
    {"other text after a header is ignored", "[a] x\nk=v", "[a]k=v;", 1},
    {"the first = splits", "[a]\nk=v=w==", "[a]k=v=w==;"},
    {"# and ; after white space begin a comment", "[a]\nk=v # x\nl=w\t;y", "[a]k=v;l=w;"},
    {"# and ; elsewhere belong to the value", "[a]\nk=b#c\nl=#d;e", "[a]k=b#c;l=#d;e;"},
    {"a value may be empty", "[a]\nk=\nl= # x", "[a]k=;l=;"},
    {"keys are read in lower case", "[a]\nRegion=eu", "[a]region=eu;"},
    {"names of sections keep their case", "[profile Ab]", "[profile Ab]"},
    {"a line that begins with white space continues", "[a]\nk=v\n  w\n\tx", "[a]k=v\nw\nx;"},
    {"a comment is part of a continuation", "[a]\nk=v\n w # x\n # y", "[a]k=v\nw # x\n# y;"},
    {"lines below an empty value are nested", "[a]\ns3 =\n  K = v\n l=w", "[a]s3={k=v}{l=w};"},
    {"a nested value may have a comment", "[a]\ns =\n # x\n k = v # y", "[a]s={k=v};"},
    {"the last of a key counts", "[a]\nk=v\nk=w", "[a]k=w;"},
    {"the last of a key counts with all it has", "[a]\nk=\n n=1\nk=\n m=2", "[a]k={m=2};"},
    {"a section twice is one", "[a]\nk=v\nl=1\n[b]\n[a]\nk=w", "[a]k=w;l=1;[b]"},
    {"all characters of names", "[profile aZ09_-/.%@:+]\naZ09_-/.%@:+=v",
     "[profile aZ09_-/.%@:+]az09_-/.%@:+=v;"},
    {"a section of another name is dropped", "[a b$]\nk=v\n c\n[d]\n[]\nk=v", "[d]", 2},
    {"a section named with two words is dropped", "[profile a b]\nk=v", "", 1},
    {"a property of another name is dropped", "[a]\nk y=v\n c\nl=w", "[a]l=w;", 1},
    {"a nested property of another name is dropped", "[a]\nk=\n x y=v\n l=w", "[a]k={l=w};", 1},
    {"a section named with two quoted words is dropped", "[profile \"a\" \"b\"]\nk=v\n[d]", "[d]",
     1},
    {"a section with a quote inside quotes is dropped", "[sso-session 'a\"b']\nk=v", "", 1},
    {"quotes round a name are stripped", "[profile \"a\"]\n[profile 'b c']",
     "[profile a][profile b c]", 2},
};

void PrintTo(const GrammarCase& row, std::ostream* out) { *out << row.rule; }

class SharedConfigGrammarTest : public ::testing::TestWithParam<GrammarCase> {};

TEST_P(SharedConfigGrammarTest, follows_the_rule) {
  const auto file = parse_ini(GetParam().text, "config");

  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(dump(file->sections), GetParam().sections);
  EXPECT_EQ(file->warnings.size(), GetParam().warnings);
}

INSTANTIATE_TEST_SUITE_P(Rules, SharedConfigGrammarTest, ::testing::ValuesIn(kGrammar),
                         [](const auto& test) { return row_name(test.index, test.param.rule); });

struct FatalCase {
  std::string_view text;
  std::string_view message;
};

constexpr FatalCase kFatal[] = {
    {"[a\nsecret=v", "Could not read config line 1: the section header has no \"]\"."},
    {"[a]\nsecret", "Could not read config line 2: the line is not \"key = value\"."},
    {"[a]\n=secret", "Could not read config line 2: the line is not \"key = value\"."},
    {"[a]\nsecret # = v", "Could not read config line 2: the line is not \"key = value\"."},
    {"\nk=secret", "Could not read config line 2: a property comes before the first section."},
    {"[a]\n k=secret",
     "Could not read config line 2: the line is indented but does not continue a property."},
    {"[a]\nk=v\n[b]\n secret",
     "Could not read config line 4: the line is indented but does not continue a property."},
    {"[a]\nk=\n secret",
     "Could not read config line 3: the line below a property without a value is not"},
};

TEST(SharedConfigGrammar, names_the_line_and_no_value_when_it_cannot_be_read) {
  for (const auto& row : kFatal) {
    SCOPED_TRACE(row.text);

    const auto file = parse_ini(row.text, "config");

    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::configuration_error);
    EXPECT_THAT(file.error().message, HasSubstr(row.message));
    EXPECT_EQ(file.error().advice, "Correct or remove that line.");
    EXPECT_EQ(file.error().message.find("secret"), std::string::npos);
  }
}

class SharedConfigTest : public ::testing::Test {
 protected:
  SharedConfigTest() { system_.set_env("HOME", "/home/u"); }

  void set_files(std::string config, std::string credentials) {
    system_.set_file("/home/u/.aws/config", std::move(config));
    system_.set_file("/home/u/.aws/credentials", std::move(credentials));
  }

  port::ScriptedSystem system_;
};

struct MergeCase {
  std::string_view rule;
  std::string_view config;
  std::string_view credentials;
  std::string_view profiles;
  std::size_t warnings = 0;
};

constexpr MergeCase kMerges[] = {
    {"default needs no prefix", "[default]\nk=v", "", "[default]k=v;"},
    {"other profiles have one", "[profile a]\nk=v", "", "[a]k=v;"},
    {"a bare profile in config is ignored", "[a]\nk=v", "", "", 1},
    {"a bare prefix is not a profile", "[profile]\nk=v", "", "", 1},
    {"an unknown prefix is ignored", "[thing a]\nk=v", "", "", 1},
    {"[profile default] replaces [default]", "[profile default]\nk=1\n[default]\nk=2\nl=3", "",
     "[default]k=1;"},
    {"names in credentials are bare", "", "[a]\nk=v\n[default]\nl=w", "[a]k=v;[default]l=w;"},
    {"a prefix in credentials is ignored", "", "[profile a]\nk=v", "", 1},
    {"files are merged by property", "[profile a]\nk=1\nl=2", "[a]\nm=3", "[a]k=1;l=2;m=3;"},
    {"the credentials file wins", "[profile a]\nk=1\nl=2", "[a]\nk=3", "[a]k=3;l=2;"},
};

void PrintTo(const MergeCase& row, std::ostream* out) { *out << row.rule; }

class SharedConfigMergeTest : public SharedConfigTest,
                              public ::testing::WithParamInterface<MergeCase> {};

TEST_P(SharedConfigMergeTest, follows_the_rule) {
  set_files(std::string(GetParam().config), std::string(GetParam().credentials));

  const auto config = load_shared_config(system_);

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(dump(config->profiles), GetParam().profiles);
  EXPECT_EQ(config->warnings.size(), GetParam().warnings);
}

INSTANTIATE_TEST_SUITE_P(Rules, SharedConfigMergeTest, ::testing::ValuesIn(kMerges),
                         [](const auto& test) { return row_name(test.index, test.param.rule); });

TEST_F(SharedConfigTest, keeps_sso_sessions_and_services_apart_from_profiles) {
  set_files("[sso-session s]\nsso_region=eu\n[services s]\nsts=\n endpoint_url=http://h", "");

  const auto config = load_shared_config(system_);

  ASSERT_TRUE(config);
  EXPECT_THAT(config->profiles, IsEmpty());
  EXPECT_EQ(dump(config->sso_sessions), "[s]sso_region=eu;");
  EXPECT_EQ(dump(config->services), "[s]sts={endpoint_url=http://h};");
}

TEST_F(SharedConfigTest, is_empty_without_files) {
  const auto config = load_shared_config(system_);

  ASSERT_TRUE(config);
  EXPECT_FALSE(config->found);
  EXPECT_THAT(config->profiles, IsEmpty());
  EXPECT_THAT(config->warnings, IsEmpty());
  EXPECT_EQ(config->config_path, "/home/u/.aws/config");
}

TEST_F(SharedConfigTest, is_empty_without_a_home) {
  set_files("[default]\nk=v", "");
  system_.unset_env("HOME");

  const auto config = load_shared_config(system_);

  ASSERT_TRUE(config);
  EXPECT_FALSE(config->found);
}

TEST_F(SharedConfigTest, reads_the_files_that_the_environment_names) {
  set_files("[default]\nk=home", "[default]\nl=home");
  system_.set_env("AWS_CONFIG_FILE", "~/c");
  system_.set_env("AWS_SHARED_CREDENTIALS_FILE", "/etc/k");
  system_.set_file("/home/u/c", "[default]\nk=named");
  system_.set_file("/etc/k", "[default]\nl=named");

  const auto config = load_shared_config(system_);

  ASSERT_TRUE(config);
  EXPECT_EQ(dump(config->profiles), "[default]k=named;l=named;");
  EXPECT_EQ(config->config_path, "/home/u/c");
  EXPECT_EQ(config->credentials_path, "/etc/k");
}

TEST_F(SharedConfigTest, warns_when_a_named_file_does_not_exist) {
  system_.set_env("AWS_CONFIG_FILE", "/nowhere");

  const auto config = load_shared_config(system_);

  ASSERT_TRUE(config);
  EXPECT_THAT(config->warnings,
              ElementsAre("AWS_CONFIG_FILE names /nowhere, which does not exist."));
}

TEST_F(SharedConfigTest, fails_when_a_file_cannot_be_read) {
  system_.fail_file("/home/u/.aws/config", make_error(ErrorCode::configuration_error, "no access"));

  const auto config = load_shared_config(system_);

  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().message, "no access");
}

TEST_F(SharedConfigTest, fails_with_the_path_when_a_line_is_malformed) {
  set_files("", "[default]\nnonsense");

  const auto config = load_shared_config(system_);

  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("/home/u/.aws/credentials line 2"));
}

TEST_F(SharedConfigTest, is_current_until_a_file_changes_appears_or_goes) {
  system_.set_file("/home/u/.aws/config", "[default]\nk=v");
  auto config = load_shared_config(system_);
  ASSERT_TRUE(config);
  EXPECT_TRUE(is_current(system_, *config));

  system_.set_file("/home/u/.aws/config", "[default]\nk=w");
  EXPECT_FALSE(is_current(system_, *config));

  config = load_shared_config(system_);
  system_.set_file("/home/u/.aws/credentials", "");
  EXPECT_FALSE(is_current(system_, *config));

  config = load_shared_config(system_);
  system_.remove_file("/home/u/.aws/config");
  EXPECT_FALSE(is_current(system_, *config));
}

TEST_F(SharedConfigTest, expands_a_tilde_only_at_the_start_and_before_a_slash) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"~", "/home/u"},   {"~/", "/home/u"},    {"~/a/b", "/home/u/a/b"}, {"~x/a", "~x/a"},
      {"/a/~b", "/a/~b"}, {"/a/~/b", "/a/~/b"}, {"a/~", "a/~"},
  };

  for (const auto& [path, expanded] : cases) {
    SCOPED_TRACE(path);
    EXPECT_EQ(expand_home(system_, path), std::filesystem::path(expanded));
  }
}

TEST_F(SharedConfigTest, treats_an_empty_property_as_missing) {
  set_files("[default]\nk=v\nl=", "");

  const auto config = load_shared_config(system_);

  ASSERT_TRUE(config);
  EXPECT_EQ(config->value("default", "k"), "v");
  EXPECT_EQ(config->value("default", "l"), std::nullopt);
  EXPECT_EQ(config->value("default", "m"), std::nullopt);
  EXPECT_EQ(config->value("other", "k"), std::nullopt);
}

TEST_F(SharedConfigTest, finds_the_name_of_the_profile_in_order) {
  EXPECT_EQ(profile_name(system_, "").name, "default");
  EXPECT_FALSE(profile_name(system_, "").named);

  system_.set_env("AWS_DEFAULT_PROFILE", "b");
  EXPECT_EQ(profile_name(system_, "").source, "AWS_DEFAULT_PROFILE");
  EXPECT_EQ(profile_name(system_, "").name, "b");

  system_.set_env("AWS_PROFILE", " ");
  EXPECT_EQ(profile_name(system_, "").name, "b");

  system_.set_env("AWS_PROFILE", "a");
  EXPECT_EQ(profile_name(system_, "").name, "a");
  EXPECT_TRUE(profile_name(system_, "").named);

  EXPECT_EQ(profile_name(system_, "c").name, "c");
  EXPECT_EQ(profile_name(system_, "c").source, "code");
}

}  // namespace
}  // namespace llm::aws

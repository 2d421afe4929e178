#include "aws/credentials/context.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using ::testing::HasSubstr;

class ServiceUrlTest : public ::testing::Test {
 protected:
  ServiceUrlTest() {
    context_.system = system_;
    context_.config = config_;
    context_.profile = "a";
  }

  std::string url(Service service) {
    const auto found = service_url(context_, service, "eu-west-1");
    return found ? *found : found.error().message;
  }

  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  std::shared_ptr<SharedConfig> config_ = std::make_shared<SharedConfig>();
  SourceContext context_;
};

TEST_F(ServiceUrlTest, is_that_of_aws_when_none_is_configured) {
  EXPECT_EQ(url(Service::sts), "https://sts.eu-west-1.amazonaws.com");
  EXPECT_EQ(url(Service::sso), "https://portal.sso.eu-west-1.amazonaws.com");
  EXPECT_EQ(url(Service::sso_oidc), "https://oidc.eu-west-1.amazonaws.com");
  EXPECT_EQ(url(Service::signin), "https://eu-west-1.signin.aws.amazon.com");
}

TEST_F(ServiceUrlTest, follows_the_variant) {
  context_.variant.fips = true;

  EXPECT_EQ(url(Service::sts), "https://sts-fips.eu-west-1.amazonaws.com");
}

TEST_F(ServiceUrlTest, is_the_configured_one_by_the_name_of_each_service) {
  const std::pair<Service, std::string> cases[] = {
      {Service::bedrock_runtime, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"},
      {Service::bedrock, "AWS_ENDPOINT_URL_BEDROCK"},
      {Service::sts, "AWS_ENDPOINT_URL_STS"},
      {Service::sso, "AWS_ENDPOINT_URL_SSO"},
      {Service::sso_oidc, "AWS_ENDPOINT_URL_SSO_OIDC"},
      {Service::signin, "AWS_ENDPOINT_URL_SIGNIN"},
  };

  for (const auto& [service, variable] : cases) {
    system_->set_env(variable, "http://127.0.0.1:8080/" + variable + "/");

    EXPECT_EQ(url(service), "http://127.0.0.1:8080/" + variable);
  }
}

TEST_F(ServiceUrlTest, is_refused_with_its_source_when_it_is_not_an_endpoint) {
  system_->set_env("AWS_ENDPOINT_URL", "ftp://h");

  EXPECT_THAT(url(Service::sts), HasSubstr("AWS_ENDPOINT_URL"));
}

TEST_F(ServiceUrlTest, is_refused_over_plain_http_to_another_machine) {
  system_->set_env("AWS_ENDPOINT_URL", "http://gateway.example");

  for (const Service service : {Service::sts, Service::sso, Service::sso_oidc, Service::signin}) {
    EXPECT_THAT(url(service), HasSubstr("AWS_ENDPOINT_URL: Plain HTTP to another machine"));
  }
}

TEST_F(ServiceUrlTest, is_refused_together_with_fips) {
  system_->set_env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1");
  context_.variant.fips = true;

  EXPECT_THAT(url(Service::sts), HasSubstr("FIPS and custom endpoint are not supported"));
}

}  // namespace
}  // namespace llm::aws

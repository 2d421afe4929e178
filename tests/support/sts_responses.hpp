#pragma once

#include <string>
#include <string_view>

namespace llm::test_support {

/// A response of STS to `action`, in the form of the AWS STS API Reference.
[[nodiscard]] inline std::string sts_credentials(
    std::string_view action, std::string_view secret,
    std::string_view expiration = "2026-01-02T04:04:05Z") {
  const std::string name(action);
  return "<" + name + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <" + name +
         "Result>\n    <AssumedRoleUser>\n"
         "      <AssumedRoleId>AROAEXAMPLE:session</AssumedRoleId>\n"
         "      <Arn>arn:aws:sts::123456789012:assumed-role/app/session</Arn>\n"
         "    </AssumedRoleUser>\n    <Credentials>\n"
         "      <AccessKeyId>ASIAEXAMPLE</AccessKeyId>\n      <SecretAccessKey>" +
         std::string(secret) + "</SecretAccessKey>\n      <SessionToken>" + std::string(secret) +
         "-token</SessionToken>\n      <Expiration>" + std::string(expiration) +
         "</Expiration>\n    </Credentials>\n  </" + name +
         "Result>\n  <ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata>\n</" + name +
         "Response>\n";
}

/// An error of STS.
[[nodiscard]] inline std::string sts_error(std::string_view code, std::string_view message) {
  return "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
         "<Type>Sender</Type><Code>" +
         std::string(code) + "</Code><Message>" + std::string(message) +
         "</Message></Error><RequestId>request-9</RequestId></ErrorResponse>";
}

}  // namespace llm::test_support

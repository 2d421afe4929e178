#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <llm/testing.hpp>

#include "bedrock/control/model_lookup.hpp"
#include "port/system.hpp"
#include "tests/support/gated_transport.hpp"

namespace llm::bedrock {
namespace {

const std::string kProfile =
    "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abcdef123456";
const std::string kResponse =
    R"({"models":[{"modelArn":"arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0"}]})";

/// A control plane that sends one response, once the gate is open. Waits in real time.
class ModelLookupThreads : public ::testing::Test {
 protected:
  ModelLookupThreads() { transport_->scripted.expect({.body = {kResponse}}); }

  static ProviderConfig config(std::shared_ptr<const Transport> transport) {
    Options options{.model = kProfile,
                    .region = "eu-west-1",
                    .api_key = Secret("test-key"),
                    .environment_use = EnvironmentUse::ignore,
                    .transport = std::move(transport)};
    auto resolved = resolve(options, port::real_system());
    if (!resolved) throw std::runtime_error(resolved.error().message);
    return *resolved;
  }

  /// What one caller finds: base id, `cancelled`, or empty.
  std::string look_up(const CallOptions& options = {}) {
    auto id = parse_model_id(kProfile);
    if (!id) return id.error().message;
    const auto warnings = lookup_.complete(*id, service_, nullptr, *pipeline_.begin(options));
    return warnings ? id->base_id : std::string(to_string(warnings.error().code));
  }

  std::shared_ptr<test_support::GatedTransport> transport_ =
      std::make_shared<test_support::GatedTransport>();
  ProviderConfig config_ = config(transport_);
  Pipeline pipeline_{config_.pipeline};
  ControlPlane service_{pipeline_, config_};
  ModelLookup lookup_{config_.pipeline.system};
};

TEST_F(ModelLookupThreads, share_one_request) {
  std::atomic<int> right = 0;

  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&] {
        if (look_up() == "amazon.nova-lite-v1:0") ++right;
      });
    }
    transport_->asked.wait(false);
    transport_->open();
  }

  EXPECT_EQ(right, 16);
  EXPECT_EQ(transport_->scripted.requests().size(), 1U);
}

TEST_F(ModelLookupThreads, end_the_wait_of_a_call_that_is_cancelled) {
  const std::jthread leads([&] { static_cast<void>(look_up()); });
  transport_->asked.wait(false);
  std::stop_source stop;
  stop.request_stop();

  const std::string found = look_up({.stop = stop.get_token()});

  transport_->open();
  EXPECT_EQ(found, "cancelled");
}

}  // namespace
}  // namespace llm::bedrock

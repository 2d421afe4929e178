#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>
#include <llm/transport.hpp>

#include "aws/adaptive_limiter.hpp"
#include "aws/retry_loop.hpp"
#include "base/time.hpp"
#include "bedrock/call/authorizer.hpp"
#include "bedrock/call/call.hpp"
#include "bedrock/call/call_shared.hpp"
#include "bedrock/call/response.hpp"
#include "bedrock/call/unsigned_request.hpp"

namespace llm::bedrock {

/// One signed, retried, timed call as a state machine: it decides, a driver waits. It has no clock,
/// thread or transport; the driver reports to the `on_` members.
///
///   begin → [Sleep] → [LookUp] → Send → on_head → [Receive] → Finished
///             ↑ adaptive turn                        │ failure
///             └──────────── Sleep ← [Renew] ←────────┘
///
/// Ask `step`, do what it says, report the result, ask again. A stream's machine is finished with
/// the 2xx head: after that nothing is retried. Used by one thread. Requires: the arguments of the
/// constructor outlive it.
class CallMachine {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  /// Look up the client's credentials; report `on_credentials`.
  struct LookUp {};
  /// Send the request, which lives until the report; `on_head` or `on_failure`.
  struct Send {
    const HttpRequest* request;
  };
  /// Read the body: `on_bytes` until it returns false, then `on_end`; or `on_failure`. The head
  /// stays valid until then.
  struct Receive {};
  /// Wait; report `on_slept`.
  struct Sleep {
    std::chrono::milliseconds duration;
  };
  /// The service has refused the API key: ask for a new one; `on_renewed`.
  struct Renew {
    ApiKeyVersion refused;
  };
  /// `take`.
  struct Finished {};
  using Step = std::variant<LookUp, Send, Receive, Sleep, Renew, Finished>;

  /// `last_head`, when given, receives the head of the last response, errors included.
  CallMachine(const CallShared& shared, const UnsignedRequest& request, const Call& call, Now now,
              HttpResponseHead* last_head = nullptr);
  CallMachine(const CallMachine&) = delete;
  CallMachine& operator=(const CallMachine&) = delete;
  /// Gives back the turn that an unsent attempt holds.
  ~CallMachine();

  /// What to do now. Does not change anything.
  [[nodiscard]] Step step() const;

  void on_slept(Now now);
  void on_credentials(Result<aws::CredentialsLookup> found, Now now);
  void on_head(const HttpResponseHead& head, Now now);
  /// False: that is enough, `on_end` is next.
  [[nodiscard]] bool on_bytes(std::string_view bytes);
  void on_end(Now now);
  /// The request could not be sent, or its response not be read.
  void on_failure(Error error, Now now);
  /// Whether there is another key now.
  void on_renewed(Result<bool> renewed, Now now);
  /// The call has been cancelled: the next report of a failure ends it with `cancelled`.
  void stop() { is_stopped_ = true; }

  /// Attempts that were sent.
  [[nodiscard]] int sent() const { return sent_; }
  [[nodiscard]] const Call& call() const { return call_; }
  [[nodiscard]] const UnsignedRequest& request() const { return request_; }

  /// The outcome. Errors: any; `attempts` is filled in. Once; requires: Finished.
  [[nodiscard]] Result<Response> take() { return std::move(*outcome_); }
  /// Whether the outcome is a response.
  [[nodiscard]] bool has_succeeded() const { return outcome_ && outcome_->has_value(); }

 private:
  enum class Stage { sleeping, looking_up, sending, receiving, renewing, finished };
  /// What the body is read for.
  enum class Body { completion, refusal, not_a_stream };

  void begin_attempt(Now now);
  void take_turn(Now now);
  void build(Now now);
  [[nodiscard]] HttpRequest unsigned_http() const;
  [[nodiscard]] aws::UrlParts url_parts() const;
  void authorized(Now now);
  void succeed();
  void fail(Error error, Now now);
  void decide(Error error, Now now);
  void lost(Error error, Now now);
  void end(Error error);
  [[nodiscard]] Error service_failure(Now now);
  [[nodiscard]] Error not_a_stream(Now now) const;
  void correct_clock(const HttpResponseHead& head, Now now);
  void end_turn(SteadyTime now, bool is_sent);

  const CallShared& shared_;
  const UnsignedRequest& request_;
  const Call& call_;
  HttpResponseHead* last_head_;
  aws::RetryLoop retries_;
  std::string invocation_id_;
  Stage stage_ = Stage::finished;
  bool is_stopped_ = false;
  int sent_ = 0;

  // The current attempt.
  std::chrono::milliseconds delay_{};
  std::shared_ptr<aws::AdaptiveLimiter> limiter_;  ///< Whose turn it holds; null: none.
  bool is_turn_ = false;                           ///< Sleeping for that turn, not for a retry.
  HttpRequest http_;
  ApiKeyVersion api_key_version_ = 0;  ///< Of the client's key.
  base::TimePoint began_{};
  const HttpResponseHead* head_ = nullptr;  ///< Of the response that is being read.
  SentSecrets sent_secrets_;
  Body body_for_ = Body::completion;
  std::string body_;
  bool is_cut_off_ = false;  ///< There is more of the body than may be kept.
  aws::FailedAttempt failed_{};
  std::optional<Error> refusal_;  ///< While a key is renewed.
  bool was_key_renewed_ = false;

  std::optional<Result<Response>> outcome_;
};

}  // namespace llm::bedrock

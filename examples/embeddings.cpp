// Compares texts with a question by their embeddings.
#include <iostream>
#include <numeric>
#include <vector>

#include <llm/llm.hpp>

namespace {

// Cosine similarity of vectors of length 1, which `normalize` requests.
double similarity(const std::vector<double>& left, const std::vector<double>& right) {
  return std::inner_product(left.begin(), left.end(), right.begin(), 0.0);
}

}  // namespace

int main() {
  const auto client = llm::create_client({
      .provider = "bedrock",
      .model = "amazon.titan-embed-text-v2:0",
      .extra = {{"region", "us-east-1"}},
  });
  if (!client) {
    std::cerr << client.error().message << ' ' << client.error().advice << '\n';
    return 1;
  }

  const auto response = client->embed({
      .inputs = {"Where do cats sleep?", "Cats sleep in the sun.", "The Loire is a river."},
      .dimensions = 256,
      .normalize = true,
  });
  if (!response) {
    std::cerr << response.error().message << ' ' << response.error().advice << '\n';
    return 1;
  }
  const auto& vectors = response->embeddings;
  for (std::size_t text = 1; text < vectors.size(); ++text) {
    std::cout << "text " << text << ": " << similarity(vectors[0], vectors[text]) << '\n';
  }
  std::cout << "[" << vectors[0].size() << " dimensions, "
            << response->usage.prompt_tokens.value_or(0) << " tokens]\n";
  return 0;
}

#!/usr/bin/env bash
# Spring AI cuts every text for a Cohere embedding to its first 2,048 characters
# before it is sent, also with truncate NONE (the default), which is there to get
# an error in place of a cut. No error, no warning: a long document is embedded by
# its beginning alone. The rule is that of Embed v3 and is applied to Embed v4 too,
# which takes 128,000 tokens. Token counts of the answer are dropped as well.
# For whom: retrieval systems in Java; whatever stands behind the cut is never found.
# Package: org.springframework.ai:spring-ai-bedrock 1.1.8 (AWS SDK 2.36.3), Maven
# Date: 2026-11-30
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

cat > pom.xml <<'EOF'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.springframework.ai</groupId><artifactId>spring-ai-bedrock</artifactId><version>1.1.8</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>2.0.18</version></dependency>
  </dependencies>
</project>
EOF
mvn -q -B dependency:copy-dependencies -DoutputDirectory=jars > install.log 2>&1 || { cat install.log; exit 2; }

cat > Finding.java <<'EOF'
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.ai.bedrock.cohere.BedrockCohereEmbeddingModel;
import org.springframework.ai.bedrock.cohere.BedrockCohereEmbeddingOptions;
import org.springframework.ai.bedrock.cohere.api.CohereEmbeddingBedrockApi;
import org.springframework.ai.bedrock.cohere.api.CohereEmbeddingBedrockApi.CohereEmbeddingRequest.InputType;
import org.springframework.ai.bedrock.cohere.api.CohereEmbeddingBedrockApi.CohereEmbeddingRequest.Truncate;
import org.springframework.ai.embedding.EmbeddingRequest;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

public class Finding {
    public static void main(String[] args) throws Exception {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> sent = new ArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            sent.add(json.readTree(exchange.getRequestBody()));
            byte[] answer = "{\"id\":\"e1\",\"embeddings\":[[0.25,0.5]],\"response_type\":\"embeddings_floats\",\"texts\":[\"...\"]}".getBytes();
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.getResponseHeaders().add("X-Amzn-Bedrock-Input-Token-Count", "900");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        System.setProperty("aws.endpointUrlBedrockRuntime", "http://127.0.0.1:" + server.getAddress().getPort());

        String text = "A sentence of filler. ".repeat(200) + "The valve opens at 7 bar."; // 4,425 characters
        boolean asBefore = true;
        for (String model : List.of("cohere.embed-v4:0", "cohere.embed-english-v3")) {
            CohereEmbeddingBedrockApi api = new CohereEmbeddingBedrockApi(model,
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "example")),
                "us-east-1", json, Duration.ofSeconds(10));
            BedrockCohereEmbeddingOptions options = BedrockCohereEmbeddingOptions.builder()
                .inputType(InputType.SEARCH_DOCUMENT).truncate(Truncate.NONE).build();
            var answer = new BedrockCohereEmbeddingModel(api, options).call(new EmbeddingRequest(List.of(text), options));
            JsonNode body = sent.get(sent.size() - 1);
            String arrived = body.get("texts").get(0).asText();
            System.out.println("fed:  " + model + ", truncate NONE, one text of " + text.length() + " characters; it ends \"" + text.substring(text.length() - 25) + "\"");
            System.out.println("seen: sent with truncate " + body.get("truncate").asText() + ": " + arrived.length() + " characters, end \""
                + arrived.substring(arrived.length() - 25) + "\"; " + answer.getResults().size() + " embedding returned, no error;");
            System.out.println("      token counts: " + answer.getMetadata().getUsage().getPromptTokens() + " (the answer's header x-amzn-bedrock-input-token-count said 900)");
            asBefore &= arrived.length() == 2048 && text.startsWith(arrived);
        }
        System.out.println("expected: v4: the whole text on the wire (user guide of Bedrock, \"Cohere Embed v4\": up to about 128k tokens);");
        System.out.println("      v3: an error (\"Cohere Embed v3\": 2,048 characters, and truncate NONE \"returns an error\" for longer input).");
        server.stop(0);
        if (!asBefore) {
            System.out.println("changed: the text is no longer cut to its first 2,048 characters");
            System.exit(1);
        }
        System.exit(0);
    }
}
EOF
find jars -name 'spring-ai-bedrock-*.jar' -o -name 'bedrockruntime-*.jar' | sed 's|.*/||' | sort
env -i PATH="$PATH" HOME="$tmp" ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"} AWS_EC2_METADATA_DISABLED=true \
  timeout 120 java -Duser.home="$tmp" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp 'jars/*' Finding.java

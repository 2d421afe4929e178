#!/usr/bin/env bash
# Bedrock answers 408 ModelTimeoutException when the model took too long. The AWS SDK
# for Kotlin does not count this error as one to retry, and yet the request is sent
# twice: OkHttp, its HTTP library, sends every request again that is answered with
# 408, unseen by the SDK. Both carry the same signature, the same invocation id and
# "attempt=1", also when retries are switched off with maxAttempts = 1.
# For whom: whoever pays for long requests (the model runs twice), or counts
# attempts and sets budgets of time.
# Package: aws.sdk.kotlin:bedrockruntime-jvm 1.6.72 (with OkHttp 5.3.2), Maven
# Date: 2026-11-30
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
mkdir -p src/main/kotlin

cat > pom.xml <<'EOF'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId><artifactId>finding</artifactId><version>1</version>
  <properties><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
  <dependencies>
    <dependency><groupId>aws.sdk.kotlin</groupId><artifactId>bedrockruntime-jvm</artifactId><version>1.6.72</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
  <build>
    <sourceDirectory>src/main/kotlin</sourceDirectory>
    <plugins><plugin>
      <groupId>org.jetbrains.kotlin</groupId><artifactId>kotlin-maven-plugin</artifactId><version>2.3.20</version>
      <configuration><jvmTarget>17</jvmTarget></configuration>
      <executions><execution><goals><goal>compile</goal></goals></execution></executions>
    </plugin></plugins>
  </build>
</project>
EOF
cat > src/main/kotlin/Finding.kt <<'EOF'
import aws.sdk.kotlin.services.bedrockruntime.BedrockRuntimeClient
import aws.sdk.kotlin.services.bedrockruntime.converse
import aws.sdk.kotlin.services.bedrockruntime.model.*
import aws.smithy.kotlin.runtime.auth.awscredentials.Credentials
import aws.smithy.kotlin.runtime.auth.awscredentials.CredentialsProvider
import aws.smithy.kotlin.runtime.collections.Attributes
import aws.smithy.kotlin.runtime.net.url.Url
import com.sun.net.httpserver.HttpServer
import kotlinx.coroutines.runBlocking
import java.net.InetAddress
import java.net.InetSocketAddress
import kotlin.system.exitProcess

fun main(): Unit = runBlocking {
    val requests = mutableListOf<List<String>>() // of each: invocation id, attempt, signature
    var status = 0
    var error = ""
    val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
    server.createContext("/") { exchange ->
        exchange.requestBody.readBytes()
        requests += listOf("amz-sdk-invocation-id", "amz-sdk-request", "authorization").map { exchange.requestHeaders.getFirst(it) }
        val body = """{"message":"Try again later."}""".toByteArray()
        exchange.responseHeaders.add("Content-Type", "application/json")
        exchange.responseHeaders.add("x-amzn-ErrorType", error)
        exchange.sendResponseHeaders(status, body.size.toLong())
        exchange.responseBody.write(body)
        exchange.close()
    }
    server.start()
    suspend fun ask(attempts: Int?, code: Int, type: String): Int {
        requests.clear()
        status = code
        error = type
        val client = BedrockRuntimeClient {
            region = "us-east-1"
            endpointUrl = Url.parse("http://127.0.0.1:${server.address.port}")
            credentialsProvider = object : CredentialsProvider {
                override suspend fun resolve(attributes: Attributes) = Credentials("AKIDEXAMPLE", "example")
            }
            if (attempts != null) retryStrategy { maxAttempts = attempts }
        }
        val thrown = runCatching {
            client.converse {
                modelId = "m"
                messages = listOf(Message { role = ConversationRole.User; content = listOf(ContentBlock.Text("Think hard.")) })
            }
        }.exceptionOrNull()
        println("fed:  $code $type to every request, maxAttempts ${attempts ?: "not set"}")
        println("seen: ${thrown?.let { it::class.simpleName }}; ${requests.size} request(s), amz-sdk-request ${requests.map { it[1] }}, " +
            "${requests.map { it[0] }.distinct().size} invocation id(s), ${requests.map { it[2] }.distinct().size} signature(s)")
        return requests.size
    }
    val byDefault = ask(null, 408, "ModelTimeoutException")
    val once = ask(1, 408, "ModelTimeoutException")
    val other = ask(1, 424, "ModelErrorException")
    println("expected: one request each time. The service model of bedrock-runtime does not mark ModelTimeoutException as one")
    println("      to retry, and maxAttempts counts all attempts, the first too (developer guide of the SDK, \"Retries\").")
    server.stop(0)
    val asBefore = byDefault == 2 && once == 2 && other == 1
    if (!asBefore) println("changed: the requests answered with 408 are counted otherwise now")
    exitProcess(if (asBefore) 0 else 1)
}
EOF
mvn -q -B compile dependency:copy-dependencies -DoutputDirectory=jars > install.log 2>&1 || { cat install.log; exit 2; }
(cd jars && ls bedrockruntime-jvm-*.jar okhttp-jvm-*.jar)
env -i PATH="$PATH" HOME="$tmp" ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"} AWS_EC2_METADATA_DISABLED=true \
  timeout 120 java -Duser.home="$tmp" -cp 'target/classes:jars/*' FindingKt

#!/usr/bin/env bash
# AWS SDK for Kotlin: an integer of 20 digits in the input of a tool call (an order
# number, an unsigned 64-bit id) makes the whole Converse answer fail with a bare
# NumberFormatException, which is none of the SDK's exceptions: text, other tool
# calls and token counts are lost, and "catch (e: BedrockRuntimeException)" does not
# catch it. The limit is that of a signed Long; as 12345678901234567890.0 it passes.
# For whom: agents in Kotlin on Bedrock; which answer fails is up to the model.
# Package: aws.sdk.kotlin:bedrockruntime-jvm 1.6.72, Maven
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
import aws.smithy.kotlin.runtime.SdkBaseException
import aws.smithy.kotlin.runtime.auth.awscredentials.Credentials
import aws.smithy.kotlin.runtime.auth.awscredentials.CredentialsProvider
import aws.smithy.kotlin.runtime.collections.Attributes
import aws.smithy.kotlin.runtime.content.Document
import aws.smithy.kotlin.runtime.net.url.Url
import com.sun.net.httpserver.HttpServer
import kotlinx.coroutines.runBlocking
import java.net.InetAddress
import java.net.InetSocketAddress
import kotlin.system.exitProcess

fun main(): Unit = runBlocking {
    var number = ""
    val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
    server.createContext("/") { exchange ->
        exchange.requestBody.readBytes()
        val body = """{"output":{"message":{"role":"assistant","content":[{"text":"I look it up."},
            {"toolUse":{"toolUseId":"t1","name":"order","input":{"number":$number}}}]}},"stopReason":"tool_use",
            "usage":{"inputTokens":20,"outputTokens":9,"totalTokens":29},"metrics":{"latencyMs":1}}""".toByteArray()
        exchange.responseHeaders.add("Content-Type", "application/json")
        exchange.sendResponseHeaders(200, body.size.toLong())
        exchange.responseBody.write(body)
        exchange.close()
    }
    server.start()
    val client = BedrockRuntimeClient {
        region = "us-east-1"
        endpointUrl = Url.parse("http://127.0.0.1:${server.address.port}")
        credentialsProvider = object : CredentialsProvider {
            override suspend fun resolve(attributes: Attributes) = Credentials("AKIDEXAMPLE", "example")
        }
    }
    val seen = mutableMapOf<String, String>()
    for (spelling in listOf("1234567890", "9223372036854775807", "9223372036854775808", "12345678901234567890", "12345678901234567890.0", "0.1234567890123456789")) {
        number = spelling
        seen[spelling] = try {
            val answer = client.converse {
                modelId = "m"
                messages = listOf(Message { role = ConversationRole.User; content = listOf(ContentBlock.Text("Where is it?")) })
            }
            val input = (answer.output as ConverseOutput.Message).value.content[1].asToolUse().input as Document.Map
            val value = (input.value["number"] as Document.Number).value
            "the answer, its number is $value, a ${value::class.simpleName}"
        } catch (e: Exception) {
            "${e::class.qualifiedName}, an exception of the SDK: ${e is SdkBaseException}"
        }
        println("fed:  a text and a toolUse with the input {\"number\":$spelling}\nseen: ${seen[spelling]}")
    }
    println("expected: the answer each time. The input is a free JSON value (API reference of Converse, ToolUseBlock), and JSON")
    println("      sets no limit to integers (RFC 8259, section 6); the type Document.Number of the SDK holds any kotlin.Number.")
    server.stop(0)
    val asBefore = seen.filterValues { "NumberFormatException" in it && it.endsWith("false") }.keys ==
        setOf("9223372036854775808", "12345678901234567890")
    if (!asBefore) println("changed: these numbers are read otherwise now")
    exitProcess(if (asBefore) 0 else 1)
}
EOF
mvn -q -B compile dependency:copy-dependencies -DoutputDirectory=jars > install.log 2>&1 || { cat install.log; exit 2; }
(cd jars && ls bedrockruntime-jvm-*.jar okhttp-jvm-*.jar)
env -i PATH="$PATH" HOME="$tmp" ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"} AWS_EC2_METADATA_DISABLED=true \
  timeout 120 java -Duser.home="$tmp" -cp 'target/classes:jars/*' FindingKt

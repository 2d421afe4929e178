#!/usr/bin/env bash
# Koog: a string in the arguments of a tool call that looks like a number or like
# true/false is sent back to Bedrock as a number or a boolean. Postcode "01234"
# becomes 1234, version "1.10" becomes 1.1, a long order number is rounded. The
# model then reads in the history that it made another call than it made.
# The same happens to enum values of a tool's schema: "01" and "02" turn to 1 and
# 2, under "type": "string", so no value that the model may choose fits its type.
# For whom: agents in Kotlin or Java on Bedrock whose tools take codes, ids, versions.
# Package: ai.koog:prompt-executor-bedrock-client-jvm 1.1.1 (AWS SDK for Kotlin 1.6.72), Maven
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
    <dependency><groupId>ai.koog</groupId><artifactId>prompt-executor-bedrock-client-jvm</artifactId><version>1.1.1</version></dependency>
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
import ai.koog.agents.core.tools.ToolDescriptor
import ai.koog.agents.core.tools.ToolParameterDescriptor
import ai.koog.agents.core.tools.ToolParameterType
import ai.koog.prompt.Prompt
import ai.koog.prompt.executor.clients.bedrock.*
import ai.koog.prompt.message.*
import aws.sdk.kotlin.services.bedrockruntime.BedrockRuntimeClient
import aws.smithy.kotlin.runtime.auth.awscredentials.Credentials
import aws.smithy.kotlin.runtime.auth.awscredentials.CredentialsProvider
import aws.smithy.kotlin.runtime.collections.Attributes
import aws.smithy.kotlin.runtime.net.url.Url
import com.sun.net.httpserver.HttpServer
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.*
import java.net.InetAddress
import java.net.InetSocketAddress
import kotlin.system.exitProcess

const val INPUT = """{"zip":"01234","version":"1.10","order":"12345678901234567890","flag":"true","city":"Bern"}"""
const val CALL = """{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"t1","name":"ship","input":$INPUT}}]}},"stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2},"metrics":{"latencyMs":1}}"""
const val DONE = """{"output":{"message":{"role":"assistant","content":[{"text":"Done."}]}},"stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2},"metrics":{"latencyMs":1}}"""

fun main(): Unit = runBlocking {
    val requests = mutableListOf<JsonObject>()
    val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
    server.createContext("/") { exchange ->
        requests += Json.parseToJsonElement(exchange.requestBody.readBytes().decodeToString()).jsonObject
        val answer = (if (requests.size == 1) CALL else DONE).toByteArray()
        exchange.responseHeaders.add("Content-Type", "application/json")
        exchange.sendResponseHeaders(200, answer.size.toLong())
        exchange.responseBody.write(answer)
        exchange.close()
    }
    server.start()
    val sdk = BedrockRuntimeClient {
        region = "us-east-1"
        endpointUrl = Url.parse("http://127.0.0.1:${server.address.port}")
        credentialsProvider = object : CredentialsProvider {
            override suspend fun resolve(attributes: Attributes) = Credentials("AKIDEXAMPLE", "example")
        }
    }
    val client = BedrockLLMClient(sdk, BedrockAPIMethod.Converse)
    val model = BedrockModels.AnthropicClaude4Sonnet
    val text = ToolParameterType.String
    val tool = ToolDescriptor("ship", "Ship an order", listOf(
        ToolParameterDescriptor("zip", "Postcode", text), ToolParameterDescriptor("version", "Version", text),
        ToolParameterDescriptor("order", "Order number", text), ToolParameterDescriptor("flag", "Flag", text),
        ToolParameterDescriptor("city", "City", text),
        ToolParameterDescriptor("carrier", "Code of the carrier", ToolParameterType.Enum(arrayOf("01", "02")))))

    val question = Message.User("Ship it.", RequestMetaInfo.Empty)
    val answer = client.execute(Prompt(listOf(question), "p"), model, listOf(tool))
    val call = answer.parts.filterIsInstance<MessagePart.Tool.Call>().single()
    val result = Message.User(MessagePart.Tool.Result("t1", "ship", "shipped"), RequestMetaInfo.Empty)
    client.execute(Prompt(listOf(question, answer, result), "p"), model, listOf(tool))
    server.stop(0)

    val sent = requests[1]["messages"]!!.jsonArray[1].jsonObject["content"]!!.jsonArray[0].jsonObject["toolUse"]!!.jsonObject["input"]!!
    val carrier = requests[0]["toolConfig"]!!.jsonObject["tools"]!!.jsonArray[0].jsonObject["toolSpec"]!!.jsonObject["inputSchema"]!!
        .jsonObject["json"]!!.jsonObject["properties"]!!.jsonObject["carrier"]!!
    println("fed:      a Converse answer whose toolUse has the input\n          $INPUT")
    println("seen:     by the program:\n          ${call.args}\n          sent back in the history of the next request:\n          $sent")
    println("fed:      a tool parameter with the enum values \"01\" and \"02\"\nseen:     sent as $carrier")
    println("expected: the strings as they came, in quotes (API reference of Converse, ToolUseBlock: input is a JSON value).")
    val asBefore = listOf("zip" to "1234", "version" to "1.1", "flag" to "true").all { (name, value) ->
        val primitive = sent.jsonObject[name]!!.jsonPrimitive
        !primitive.isString && primitive.content == value
    }
    if (!asBefore) println("changed: the strings are no longer sent as numbers and booleans")
    exitProcess(if (asBefore) 0 else 1)
}
EOF
mvn -q -B compile dependency:copy-dependencies -DoutputDirectory=jars > install.log 2>&1 || { cat install.log; exit 2; }
(cd jars && ls prompt-executor-bedrock-client-jvm-*.jar bedrockruntime-jvm-*.jar)
env -i PATH="$PATH" HOME="$tmp" ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"} AWS_EC2_METADATA_DISABLED=true \
  timeout 120 java -Duser.home="$tmp" -cp 'target/classes:jars/*' FindingKt

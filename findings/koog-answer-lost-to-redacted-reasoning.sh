#!/usr/bin/env bash
# Koog: one block that it does not know makes it throw away a whole, paid Converse
# answer. A redacted piece of Claude's reasoning (redactedContent) and text with
# citations (citationsContent) each end in IllegalArgumentException, though plain
# text stands beside them. The same answers streamed give their text as usual.
# For whom: agents in Kotlin or Java on Bedrock with extended thinking or with
# documents that have citations on: some answers fail, and which ones is up to the model.
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
import ai.koog.prompt.Prompt
import ai.koog.prompt.executor.clients.bedrock.*
import ai.koog.prompt.message.*
import ai.koog.prompt.streaming.StreamFrame
import aws.sdk.kotlin.services.bedrockruntime.BedrockRuntimeClient
import aws.smithy.kotlin.runtime.auth.awscredentials.Credentials
import aws.smithy.kotlin.runtime.auth.awscredentials.CredentialsProvider
import aws.smithy.kotlin.runtime.collections.Attributes
import aws.smithy.kotlin.runtime.net.url.Url
import com.sun.net.httpserver.HttpServer
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import java.io.ByteArrayOutputStream
import java.io.DataOutputStream
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.zip.CRC32
import kotlin.system.exitProcess

const val USAGE = """"usage":{"inputTokens":90,"outputTokens":40,"totalTokens":130},"metrics":{"latencyMs":1}"""
const val CITED = """{"title":"Manual","location":{"documentPage":{"documentIndex":0,"start":4,"end":5}},"sourceContent":[{"text":"7 bar"}]}"""

fun whole(blocks: String) = """{"output":{"message":{"role":"assistant","content":[$blocks]}},"stopReason":"end_turn",$USAGE}"""

fun frame(event: String, payload: String): ByteArray {
    fun crc(bytes: ByteArray) = CRC32().apply { update(bytes) }.value.toInt()
    val headers = ByteArrayOutputStream()
    for ((name, value) in listOf(":event-type" to event, ":content-type" to "application/json", ":message-type" to "event")) {
        DataOutputStream(headers).apply { writeByte(name.length); writeBytes(name); writeByte(7); writeShort(value.length); writeBytes(value) }
    }
    val bytes = ByteArrayOutputStream()
    DataOutputStream(bytes).apply {
        writeInt(16 + headers.size() + payload.length); writeInt(headers.size()); writeInt(crc(bytes.toByteArray()))
        write(headers.toByteArray()); writeBytes(payload); writeInt(crc(bytes.toByteArray()))
    }
    return bytes.toByteArray()
}

fun delta(index: Int, delta: String) = frame("contentBlockDelta", """{"contentBlockIndex":$index,"delta":$delta}""")
fun stop(index: Int) = frame("contentBlockStop", """{"contentBlockIndex":$index}""")
fun streamed(vararg deltas: List<String>): ByteArray = frame("messageStart", """{"role":"assistant"}""") +
    deltas.mapIndexed { i, block -> block.map { delta(i, it) }.reduce(ByteArray::plus) + stop(i) }.reduce(ByteArray::plus) +
    frame("messageStop", """{"stopReason":"end_turn"}""") + frame("metadata", "{$USAGE}")

fun main(): Unit = runBlocking {
    var answer = ByteArray(0)
    val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
    server.createContext("/") { exchange ->
        exchange.requestBody.readBytes()
        val stream = exchange.requestURI.path.endsWith("-stream")
        exchange.responseHeaders.add("Content-Type", if (stream) "application/vnd.amazon.eventstream" else "application/json")
        exchange.sendResponseHeaders(200, answer.size.toLong())
        exchange.responseBody.write(answer)
        exchange.close()
    }
    server.start()
    val client = BedrockLLMClient(BedrockRuntimeClient {
        region = "us-east-1"
        endpointUrl = Url.parse("http://127.0.0.1:${server.address.port}")
        credentialsProvider = object : CredentialsProvider {
            override suspend fun resolve(attributes: Attributes) = Credentials("AKIDEXAMPLE", "example")
        }
    }, BedrockAPIMethod.Converse)
    val prompt = Prompt(listOf(Message.User("At which pressure?", RequestMetaInfo.Empty)), "p")
    val model = BedrockModels.AnthropicClaude4Sonnet
    suspend fun ask(): String = runCatching { "text \"${client.execute(prompt, model, emptyList()).textContent()}\"" }
        .getOrElse { e -> generateSequence(e) { it.cause }.last().let { "${it::class.simpleName}: ${it.message!!.substringBefore("(")}" } }
    suspend fun stream(): String = runCatching {
        "text \"${client.executeStreaming(prompt, model, emptyList()).toList().filterIsInstance<StreamFrame.TextDelta>().joinToString("") { it.text }}\""
    }.getOrElse { it.toString().take(100) }

    val seen = mutableListOf<String>()
    println("fed:  two blocks, reasoningContent with redactedContent, then the text \"At 7 bar.\"; whole and streamed")
    answer = whole("""{"reasoningContent":{"redactedContent":"c2VhbGVk"}},{"text":"At 7 bar."}""").toByteArray()
    seen += ask()
    answer = streamed(listOf("""{"reasoningContent":{"redactedContent":"c2VhbGVk"}}"""), listOf("""{"text":"At 7 bar."}"""))
    seen += stream()
    println("seen: whole:    ${seen[0]}\n      streamed: ${seen[1]}")
    println("fed:  the text \"See: \", then citationsContent with the text \"at 7 bar.\" and one citation; whole and streamed")
    answer = whole("""{"text":"See: "},{"citationsContent":{"content":[{"text":"at 7 bar."}],"citations":[$CITED]}}""").toByteArray()
    seen += ask()
    answer = streamed(listOf("""{"text":"See: "}"""), listOf("""{"text":"at 7 bar."}""", """{"citation":$CITED}"""))
    seen += stream()
    println("seen: whole:    ${seen[2]}\n      streamed: ${seen[3]}")
    println("expected: the text in all four cases (API reference of Converse: both are members of the union ContentBlock).")
    server.stop(0)
    val asBefore = "Exception" in seen[0] && "7 bar" in seen[1] && "Exception" in seen[2] && "7 bar" in seen[3]
    if (!asBefore) println("changed: these answers are read otherwise now")
    exitProcess(if (asBefore) 0 else 1)
}
EOF
mvn -q -B compile dependency:copy-dependencies -DoutputDirectory=jars > install.log 2>&1 || { cat install.log; exit 2; }
(cd jars && ls prompt-executor-bedrock-client-jvm-*.jar bedrockruntime-jvm-*.jar)
env -i PATH="$PATH" HOME="$tmp" ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"} AWS_EC2_METADATA_DISABLED=true \
  timeout 120 java -Duser.home="$tmp" -cp 'target/classes:jars/*' FindingKt

package org.dnallama.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fs.s3a.secret.key",
                "spark.hadoop.fs.s3a.access.key",
                "fs.s3a.session.token",
                "spark.authenticate.secret",
                "spark.ssl.keyStorePassword",
                "fs.azure.account.key.store.blob.core.windows.net",
                "AWS_SECRET_ACCESS_KEY",
                "hub_token",
                "authToken",
                "token",
                "apiKey",
                "X-Amz-Credential",
                "X-Amz-Signature",
                "db-passwd"
            })
    void keysThatHoldSecrets(String key) {
        assertThat(Redaction.isSecret(key)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tokenizer",
                "ingest.tokenizer.kind",
                "tokens",
                "maxTokenBases",
                "tokenIds",
                "nanosecondsPerToken",
                "spark.authenticate",
                "monkey",
                "keys",
                "key",
                "design",
                "checkpoint.key.order"
            })
    void keysThatHoldNone(String key) {
        assertThat(Redaction.isSecret(key)).isFalse();
    }

    /** A setting of ours that looked like a secret would be missing from every manifest. */
    @Test
    void noSettingIsTakenForASecret() {
        assertThat(ConfigFactory.parseResources("reference.conf")
                        .resolve()
                        .root()
                        .keySet())
                .noneMatch(Redaction::isSecret);
        ConfigFactory.parseResources("reference.conf")
                .resolve()
                .entrySet()
                .forEach(entry -> assertThat(Redaction.isSecret(entry.getKey()))
                        .as(entry.getKey())
                        .isFalse());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://me:swordfish@host/x.fa: no such file|https://me:*********(redacted)@host/x.fa: no such file",
                "s3a://AKIA:sword/fish|s3a://AKIA:sword/fish",
                "--set fs.s3a.secret.key=swordfish, retry|--set fs.s3a.secret.key=*********(redacted), retry",
                "{ \"password\" : \"sword fish\" }|{ \"password\" : \"*********(redacted)\" }",
                "GET https://s3/x?X-Amz-Signature=0af&part=2|GET https://s3/x?X-Amz-Signature=*********(redacted)&part=2",
                "fs.s3a.secret.key = swordfish: refused|fs.s3a.secret.key = *********(redacted): refused",
                "--password=swordfish -Dssl.keyPassword=swordfish|--password=*********(redacted) -Dssl.keyPassword=*********(redacted)",
                "ingest.tokenizer.kind = kmer|ingest.tokenizer.kind = kmer",
                "chr2.fa:1204: 'J' is no nucleotide code|chr2.fa:1204: 'J' is no nucleotide code",
                "tokens: 4096, hdfs://host:8020/x@1|tokens: 4096, hdfs://host:8020/x@1"
            })
    void onlySecretsLeaveAText(String text, String shown) {
        assertThat(Redaction.of(text)).isEqualTo(shown);
        assertThat(Redaction.of(shown)).isEqualTo(shown);
    }

    /** A search that began again at each letter would take an hour for this. */
    @Test
    @Timeout(20)
    void longTextsTakeNoTime() {
        String sequence = "ACGT".repeat(500_000);
        assertThat(Redaction.of(sequence)).isEqualTo(sequence);
    }

    @Test
    void onlySecretsLeaveAManifest() throws IOException {
        ObjectMapper json = new ObjectMapper();
        var manifest = json.readTree("{\"tokens\": 12, \"secretKey\": \"swordfish\", \"auth.token\": {\"x\": \"fish\"},"
                + " \"inputs\": [{\"path\": \"https://a:fish@h/x\"}, \"plain\"], \"tokenizer\": {\"kind\": \"bpe\"}}");
        assertThat(Redaction.of(manifest).toString())
                .doesNotContain("fish")
                .isEqualTo(
                        "{\"tokens\":12,\"secretKey\":\"*********(redacted)\",\"auth.token\":\"*********(redacted)\","
                                + "\"inputs\":[{\"path\":\"https://a:*********(redacted)@h/x\"},\"plain\"],"
                                + "\"tokenizer\":{\"kind\":\"bpe\"}}");
    }

    @Test
    void messagesAndEffectiveSettingsShowNone() {
        String address = "https://me:swordfish@host/x.fa";
        assertThat(new InputException(address + ": is gone"))
                .hasMessage("https://me:*********(redacted)@host/x.fa: is gone");
        assertThat(new TrainingException(address)).hasMessageNotContaining("swordfish");
        assertThat(new ConfigException(List.of("--set my.password=swordfish: bad")))
                .hasMessageNotContaining("swordfish");
        Settings settings = Settings.load(List.of(), List.of("ingest.fasta=" + address));
        assertThat(settings.effective("ingest"))
                .contains("\"https://me:*********(redacted)@host/x.fa\"")
                .contains("\"maxTokenBases\" : 64");
        assertThat(settings.text("ingest.fasta")).isEqualTo(address);
    }
}

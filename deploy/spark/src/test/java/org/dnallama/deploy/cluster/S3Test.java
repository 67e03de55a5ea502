package org.dnallama.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.domain.StorageMetadata;
import org.jclouds.blobstore.options.ListContainerOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The profile s3a against a server that speaks S3. */
@Tag("cluster")
class S3Test {

    @TempDir
    Path folder;

    /** What {@code spark.jars.packages} of the profile would fetch. */
    private static String libraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(":"))
                .filter(
                        jar -> jar.matches(
                                ".*/(spark-hadoop-cloud|hadoop-aws|aws-java-sdk|jmespath|httpc|ion-java|joda-time|wildfly-openssl|jackson-dataformat-cbor|commons-logging).*"))
                .collect(Collectors.joining(","));
    }

    /** A job whose output is in the bucket. */
    private Launch run(S3Proxy server, String command, String... settings) throws Exception {
        // The committer that is at work tells its name on a level that nobody sees otherwise.
        Path logging = Files.writeString(folder.resolve("log4j2.properties"), """
                appender.console.type = Console
                appender.console.name = console
                rootLogger.level = warn
                rootLogger.appenderRef.console.ref = console
                logger.committers.name = org.apache.hadoop.fs.s3a.commit
                logger.committers.level = info
                """);
        List<String> line = new ArrayList<>(List.of(command, "--cluster", "local", "--cluster", "s3a"));
        for (String setting : settings) {
            line.addAll(List.of("--set", setting));
        }
        line.addAll(List.of("--", "--jars", libraries(), "--conf", "spark.jars.packages="));
        line.addAll(List.of("--driver-java-options", "-Dlog4j2.configurationFile=" + logging));
        line.addAll(List.of("--conf", "spark.sql.shuffle.partitions=4"));
        line.addAll(List.of("--conf", "spark.hadoop.fs.s3a.endpoint=http://127.0.0.1:" + server.getPort()));
        line.addAll(List.of("--conf", "spark.hadoop.fs.s3a.path.style.access=true"));
        Launch job =
                Launch.start(folder, Map.of("AWS_ACCESS_KEY_ID", "key", "AWS_SECRET_ACCESS_KEY", "swordfish"), line);
        assertThat(job.code()).as(job.text()).isZero();
        // Keys of the store stand in nothing that is said.
        assertThat(job.text()).doesNotContain("swordfish");
        return job;
    }

    @Test
    void outputsAreCommittedWithoutRenaming() throws Exception {
        Path data = Launch.demoData(folder).resolve("promoters");
        BlobStore store = ContextBuilder.newBuilder("transient")
                .credentials("key", "swordfish")
                .buildView(BlobStoreContext.class)
                .getBlobStore();
        store.createContainerInLocation(null, "bucket");
        S3Proxy server = S3Proxy.builder()
                .blobStore(store)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "key", "swordfish")
                .build();
        server.start();
        try {
            run(server, "import-gue", "importGue.data=" + data, "importGue.output=s3a://bucket/promoters");
            Launch audit = run(server, "audit", "audit.data=" + data, "audit.output=s3a://bucket/audit");
            // What Spark writes by itself.
            assertThat(audit.text()).contains("Using committer magic to output data to s3a://bucket/audit/");
        } finally {
            server.stop();
        }
        List<String> keys = store.list("bucket", ListContainerOptions.Builder.recursive()).stream()
                .map(StorageMetadata::getName)
                .toList();
        assertThat(keys)
                .contains("promoters/_SUCCESS", "promoters/manifest.json", "promoters.status.json", "audit/_SUCCESS")
                .anyMatch(key -> key.matches("promoters/split=train/.*\\.parquet"))
                .anyMatch(key -> key.matches("audit/pairs/.*\\.parquet"))
                .noneMatch(key -> key.contains("__magic"));
    }
}

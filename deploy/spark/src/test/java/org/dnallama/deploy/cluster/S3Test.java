package org.dnallama.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
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

    @Test
    void shardsAreCommittedWithoutRenaming() throws Exception {
        Path data = Launch.demoData(folder);
        BlobStore store = ContextBuilder.newBuilder("transient")
                .credentials("key", "secret")
                .buildView(BlobStoreContext.class)
                .getBlobStore();
        store.createContainerInLocation(null, "bucket");
        S3Proxy server = S3Proxy.builder()
                .blobStore(store)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "key", "secret")
                .build();
        server.start();
        try {
            Launch job = Launch.start(
                    folder,
                    Map.of("AWS_ACCESS_KEY_ID", "key", "AWS_SECRET_ACCESS_KEY", "secret"),
                    List.of(
                            "import-gue",
                            "--set",
                            "importGue.data=" + data.resolve("promoters"),
                            "--set",
                            "importGue.output=s3a://bucket/promoters",
                            "--cluster",
                            "local",
                            "--cluster",
                            "s3a",
                            "--",
                            "--jars",
                            libraries(),
                            "--conf",
                            "spark.jars.packages=",
                            "--conf",
                            "spark.hadoop.fs.s3a.endpoint=http://127.0.0.1:" + server.getPort(),
                            "--conf",
                            "spark.hadoop.fs.s3a.path.style.access=true"));
            assertThat(job.code()).as(job.text()).isZero();
            assertThat(job.text()).contains("Using committer magic to output data to s3a://bucket/");
            List<String> keys = store.list("bucket", ListContainerOptions.Builder.recursive()).stream()
                    .map(StorageMetadata::getName)
                    .toList();
            assertThat(keys).contains("promoters/_SUCCESS", "promoters/manifest.json", "promoters.status.json");
            assertThat(keys).anyMatch(key -> key.matches("promoters/split=train/.*\\.parquet"));
            assertThat(keys).noneMatch(key -> key.contains("__magic"));
            // Keys of the store stand in nothing that is written or said.
            assertThat(job.text()).doesNotContain("secret\"");
        } finally {
            server.stop();
        }
    }
}

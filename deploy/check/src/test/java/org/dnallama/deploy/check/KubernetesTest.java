package org.dnallama.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.deploy.SparkSubmit;
import org.dnallama.config.Seeds;
import org.dnallama.demo.DemoData;
import org.dnallama.ingest.IngestMain;
import org.dnallama.training.TrainingMain;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Spark's own submission and scheduling on Kubernetes, by our profile and templates, against an API server. */
@Tag("cluster")
@Timeout(600)
class KubernetesTest {

    private static final long LIMIT_SECONDS = 240;
    private static final String NAMESPACE = "dna-llama";
    private static final String PRETRAIN = TrainingMain.class.getName();

    @TempDir
    private Path folder;

    /** What a profile of conf/cluster says, with what it includes. */
    private static Map<String, String> profile(String name) throws IOException {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Repository.ROOT.resolve("conf/cluster/" + name + ".conf"))) {
            String[] words = line.strip().split("\\s+", 2);
            if (words[0].equals("include")) {
                properties.putAll(profile(words[1]));
            } else if (words.length == 2 && !words[0].startsWith("#")) {
                properties.put(words[0], words[1].replace("$DNALLAMA_HOME", Repository.ROOT.toString()));
            }
        }
        properties.remove("dna-llama.jars");
        return properties;
    }

    private SparkProcess submit(ApiServer server, Map<String, String> properties, List<String> application)
            throws IOException {
        List<String> words = new ArrayList<>(List.of(SparkSubmit.class.getName(), "--master", "k8s://" + server.url()));
        words.addAll(List.of("--name", "dna-llama pretrain", "--class", PRETRAIN));
        properties.forEach((key, value) -> words.addAll(List.of("--conf", key + "=" + value)));
        words.addAll(application);
        Map<String, String> environment = Map.of(
                "KUBECONFIG",
                server.kubeconfig(folder.resolve("kubeconfig")).toString(),
                "SPARK_HOME",
                folder.toString(),
                "SPARK_SCALA_VERSION",
                "2.12",
                "AWS_SECRET_ACCESS_KEY",
                "swordfish");
        return SparkProcess.start(folder.resolve("work"), folder.resolve("submit.log"), environment, words);
    }

    private static Set<String> allowed(String role) throws IOException {
        Set<String> allowed = new TreeSet<>();
        for (var manifest : Repository.yaml(Repository.MANIFESTS.resolve("rbac.yaml"))) {
            if (manifest.get("kind").asText().equals("Role")
                    && manifest.at("/metadata/name").asText().equals(role)) {
                for (PolicyRule rule : StrictModels.read(manifest, Role.class).getRules()) {
                    rule.getResources()
                            .forEach(resource -> rule.getVerbs().forEach(verb -> allowed.add(verb + " " + resource)));
                }
            }
        }
        return allowed;
    }

    /** A role allows what was asked for, and nothing more but some that is not asked for every time. */
    private static void assertAllowed(Set<String> requests, String role, String... besides) throws IOException {
        Set<String> all = new TreeSet<>(requests);
        all.addAll(List.of(besides));
        assertThat(allowed(role)).isEqualTo(all);
    }

    private static void assertHardened(PodSpec pod) {
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        Container container = pod.getContainers().get(0);
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getEnvFrom().get(0).getSecretRef().getName()).isEqualTo("dna-llama-storage");
    }

    @Test
    void theDriverOfClusterModeIsWhatProfileAndTemplateSay() throws Exception {
        Map<String, String> properties = profile("kubernetes-gpu");
        properties.put("spark.kubernetes.submission.waitAppCompletion", "false");
        String jar = "local:///opt/dna-llama/jobs/training-job-" + Repository.version() + "-spark.jar";
        try (ApiServer server = ApiServer.start(pod -> {});
                KubernetesClient client = server.client();
                SparkProcess submission =
                        submit(server, properties, List.of(jar, "pretrain", "--set", "cluster.ranks=4"))) {
            assertThat(submission.exitCode(LIMIT_SECONDS)).as(submission.log()).isZero();
            // What it does besides: wait for the end, and delete the pod if what belongs to it cannot be made.
            assertAllowed(server.requests(), "spark-submit", "get pods", "watch pods", "delete pods");

            List<Pod> pods = client.pods().inNamespace(NAMESPACE).list().getItems();
            assertThat(pods).hasSize(1);
            Pod driver = pods.get(0);
            assertThat(driver.getMetadata().getLabels())
                    .containsEntry("spark-role", "driver")
                    .containsEntry("app.kubernetes.io/name", "dna-llama");
            assertHardened(driver.getSpec());
            assertThat(driver.getSpec().getServiceAccountName()).isEqualTo("spark");
            Container container = driver.getSpec().getContainers().get(0);
            assertThat(container.getImage()).isEqualTo(properties.get("spark.kubernetes.container.image"));
            assertThat(container.getArgs())
                    .containsSequence("--class", PRETRAIN)
                    .endsWith(jar, "pretrain", "--set", "cluster.ranks=4");
            assertThat(container.getResources().getLimits()).doesNotContainKey("nvidia.com/gpu");

            List<ConfigMap> maps =
                    client.configMaps().inNamespace(NAMESPACE).list().getItems();
            // The driver hands executors their template, which it has from here.
            assertThat(maps)
                    .anySatisfy(map -> assertThat(map.getData().toString()).contains("name: shm"));
            assertThat(maps)
                    .anySatisfy(map -> assertThat(map.getData().toString())
                            .contains("spark.executor.resource.gpu.vendor=nvidia.com")
                            .contains("spark.authenticate=true"));
            assertThat(maps.toString() + pods).doesNotContain("swordfish");
            assertThat(submission.log()).doesNotContain("swordfish");
        }
    }

    @Test
    void ranksTrainInPodsOfExecutors() throws Exception {
        Path shards = shards();
        Path output = folder.resolve("pretrained");
        Map<String, String> properties = profile("kubernetes-gpu");
        properties.putAll(Map.of(
                "spark.submit.deployMode", "client",
                "spark.driver.host", "127.0.0.1",
                "spark.driver.bindAddress", "127.0.0.1",
                "spark.ui.enabled", "false",
                "spark.executor.instances", "2",
                "spark.executor.cores", "1",
                "spark.executor.memory", "512m",
                "spark.executor.extraJavaOptions",
                        "-Dorg.bytedeco.javacpp.cachedir="
                                + Path.of(System.getProperty("user.home"), ".javacpp", "cache"),
                // The image has it below /opt.
                "spark.executor.resource.gpu.discoveryScript",
                        Repository.ROOT.resolve("conf/cluster/discover-gpus").toString()));
        Path jar = SparkProcess.emptyJar(folder.resolve("job.jar"));
        Map<String, String> machine = Map.of("PATH", fakeGpu() + ":" + System.getenv("PATH"));
        try (ExecutorKubelet kubelet = new ExecutorKubelet(folder, machine);
                ApiServer server = ApiServer.start(kubelet);
                SparkProcess driver = submit(server, properties, pretrain(jar, shards, output))) {
            assertThat(driver.exitCode(LIMIT_SECONDS))
                    .as(driver.log() + kubelet.logs())
                    .isZero();
            // What it does besides: list pods every 30 seconds, look at its own, where it has one, and delete an
            // executor's
            // that has failed.
            assertAllowed(server.requests(), "spark-driver", "list pods", "get pods", "delete pods");

            assertThat(output.resolve("_SUCCESS")).isRegularFile();
            assertThat(Files.readString(output.resolve("metrics.jsonl"))).contains("\"step\":4");
            assertThat(kubelet.pods()).hasSize(2).allSatisfy(KubernetesTest::assertExecutor);
        }
    }

    private static List<String> pretrain(Path jar, Path shards, Path output) {
        List<String> words = new ArrayList<>(List.of(jar.toString(), "pretrain"));
        for (String setting : List.of(
                "pretrain.shards=" + shards,
                "pretrain.output=" + output,
                "pretrain.steps=4",
                "pretrain.validRows=16",
                "pretrain.training.evaluateEvery=4",
                "model.dim=16",
                "model.layers=1",
                "model.hiddenDim=32",
                "cluster.ranks=2")) {
            words.addAll(List.of("--set", setting));
        }
        return words;
    }

    private Path shards() throws Exception {
        Path data = folder.resolve("data");
        Path shards = folder.resolve("shards");
        DemoData.write(data, new Seeds(42));
        List<String> words = List.of(
                IngestMain.class.getName(),
                "ingest",
                "--set",
                "ingest.fasta=" + data.resolve("genome/demo1.fa"),
                "--set",
                "ingest.window=128",
                "--set",
                "ingest.stride=128",
                "--set",
                "ingest.output=" + shards);
        try (SparkProcess ingest = SparkProcess.start(folder, folder.resolve("ingest.log"), Map.of(), words)) {
            assertThat(ingest.exitCode(LIMIT_SECONDS)).as(ingest.log()).isZero();
        }
        return shards;
    }

    /** The tool of NVIDIA's driver, on a machine with one GPU. */
    private Path fakeGpu() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path tool = Files.writeString(bin.resolve("nvidia-smi"), "#!/bin/sh\necho 0\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        return bin;
    }

    private static void assertExecutor(Pod executor) {
        PodSpec spec = executor.getSpec();
        assertHardened(spec);
        assertThat(executor.getMetadata().getLabels())
                .containsEntry("spark-role", "executor")
                .containsEntry("app.kubernetes.io/name", "dna-llama");
        assertThat(spec.getTolerations()).anySatisfy(toleration -> {
            assertThat(toleration.getKey()).isEqualTo("nvidia.com/gpu");
            assertThat(toleration.getEffect()).isEqualTo("NoSchedule");
        });
        Container container = spec.getContainers().get(0);
        assertThat(container.getResources().getLimits()).containsEntry("nvidia.com/gpu", new Quantity("1"));
        assertThat(container.getVolumeMounts()).anySatisfy(mount -> {
            assertThat(mount.getMountPath()).isEqualTo("/dev/shm");
            assertThat(mount.getName()).isEqualTo("shm");
        });
        Volume shm = spec.getVolumes().stream()
                .filter(volume -> volume.getName().equals("shm"))
                .findFirst()
                .orElseThrow();
        assertThat(shm.getEmptyDir().getMedium()).isEqualTo("Memory");
        assertThat(container.getEnv())
                .extracting(EnvVar::getName)
                .contains("SPARK_DRIVER_URL", "SPARK_EXECUTOR_ID")
                .doesNotContain("AWS_SECRET_ACCESS_KEY");
    }
}

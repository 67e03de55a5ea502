package org.dnallama.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Class<?>> KINDS = Map.of(
            "Namespace", Namespace.class,
            "ServiceAccount", ServiceAccount.class,
            "Role", Role.class,
            "RoleBinding", RoleBinding.class,
            "NetworkPolicy", NetworkPolicy.class,
            "Pod", Pod.class,
            "SparkApplication", SparkApplication.class);

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Repository.MANIFESTS)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static SparkApplication application(String name) throws IOException {
        return SparkApplication.check(
                Repository.yaml(Repository.MANIFESTS.resolve("spark-application-" + name + ".yaml"))
                        .get(0));
    }

    @Test
    void everyFieldIsOneOfItsKind() throws IOException {
        assertThat(files()).hasSize(6);
        for (Path file : files()) {
            for (JsonNode manifest : Repository.yaml(file)) {
                Class<?> kind = KINDS.get(manifest.get("kind").asText());
                assertThat(StrictModels.read(manifest, kind))
                        .as(file.toString())
                        .isNotNull();
            }
        }
    }

    @Test
    void aMisspeltFieldIsSeen() throws IOException {
        JsonNode pod = JSON.readTree("{\"kind\": \"Pod\", \"spec\": {\"containers\": [{\"volumeMount\": []}]}}");
        assertThatThrownBy(() -> StrictModels.read(pod, Pod.class)).hasMessageContaining("volumeMount");
        JsonNode application = JSON.readTree("{\"spec\": {\"executor\": {\"cores\": \"four\"}}}");
        assertThatThrownBy(() -> StrictModels.read(application, SparkApplication.class))
                .hasMessageContaining("four");
    }

    @ParameterizedTest
    @ValueSource(strings = {"driver", "executor"})
    void podsRunAsTheRestrictedStandardDemands(String role) throws IOException {
        Pod pod = StrictModels.read(
                Repository.yaml(Repository.MANIFESTS.resolve(role + ".yaml")).get(0), Pod.class);
        Container container = pod.getSpec().getContainers().get(0);
        assertRestricted(pod.getSpec().getSecurityContext(), container.getSecurityContext());
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "train"})
    void applicationsRunAsTheRestrictedStandardDemands(String name) throws IOException {
        SparkApplication.Spec spec = application(name).spec();
        assertRestricted(spec.driver().podSecurityContext(), spec.driver().securityContext());
        assertRestricted(spec.executor().podSecurityContext(), spec.executor().securityContext());
        assertThat(spec.driver().serviceAccount()).isEqualTo("spark");
        assertThat(spec.sparkConf())
                .containsEntry("spark.authenticate", "true")
                .containsEntry("spark.network.crypto.enabled", "true")
                .containsEntry("spark.io.encryption.enabled", "true")
                .containsEntry("spark.acls.enable", "true");
        assertThat(spec.image()).startsWith("dna-llama:" + Repository.version());
    }

    private static void assertRestricted(PodSecurityContext pod, SecurityContext container) {
        assertThat(pod.getRunAsNonRoot()).isTrue();
        assertThat(pod.getRunAsUser()).isPositive();
        assertThat(pod.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(container.getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getPrivileged()).isNull();
    }

    /** Ranks wait for each other in a barrier stage, so some without the others would only hold GPUs. */
    @Test
    void ranksStartTogetherOrNotAtAll() throws IOException {
        SparkApplication.Spec train = application("train").spec();
        assertThat(train.batchScheduler()).isEqualTo("volcano");
        assertThat(train.sparkConf())
                .containsEntry("spark.dynamicAllocation.enabled", "false")
                .containsEntry("spark.executor.resource.gpu.vendor", "nvidia.com")
                .containsEntry("spark.executor.resource.gpu.amount", "1")
                .containsEntry("spark.task.cpus", train.executor().cores().toString());
        assertThat(train.arguments())
                .contains("cluster.ranks=" + train.executor().instances());
        assertThat(train.executor().tolerations().get(0).getKey()).isEqualTo("nvidia.com/gpu");
        assertThat(train.volumes().get(0).getEmptyDir().getMedium()).isEqualTo("Memory");
        assertThat(train.executor().volumeMounts().get(0).getMountPath()).isEqualTo("/dev/shm");
        assertThat(application("data").spec().batchScheduler()).isNull();
    }

    @Test
    void secretsAreNamedAndNotGiven() throws IOException {
        for (Path file : files()) {
            assertThat(Files.readString(file))
                    .as(file.toString())
                    .doesNotContainPattern("kind: Secret\\b")
                    .doesNotContainPattern("(?i)(secret|password|access.?key)[a-z.]*: *[\"']?[A-Za-z0-9/+=]{8,}");
        }
        for (String name : List.of("data", "train")) {
            SparkApplication.Spec spec = application(name).spec();
            assertThat(spec.driver().envFrom().get(0).getSecretRef().getName()).isEqualTo("dna-llama-storage");
            assertThat(spec.executor().envFrom().get(0).getSecretRef().getName())
                    .isEqualTo("dna-llama-storage");
        }
    }

    /** What is used for real is asserted where a driver runs against an API server. */
    @Test
    void rolesReachNoFurtherThanTheirNamespaceAndNameAllThatTheyAllow() throws IOException {
        List<JsonNode> manifests = Repository.yaml(Repository.MANIFESTS.resolve("rbac.yaml"));
        assertThat(manifests)
                .extracting(manifest -> manifest.get("kind").asText())
                .containsExactly("Namespace", "ServiceAccount", "Role", "RoleBinding", "Role");
        for (JsonNode manifest : manifests) {
            if (manifest.get("kind").asText().equals("Role")) {
                for (PolicyRule rule : StrictModels.read(manifest, Role.class).getRules()) {
                    assertThat(rule.getVerbs()).doesNotContain("*");
                    assertThat(rule.getResources()).doesNotContain("*", "secrets", "pods/exec");
                }
            }
        }
    }
}

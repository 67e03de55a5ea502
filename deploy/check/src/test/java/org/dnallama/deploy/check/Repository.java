package org.dnallama.deploy.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/** The files of this project that users copy. */
final class Repository {

    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    static final Path MANIFESTS = ROOT.resolve("deploy/kubernetes");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Repository() {}

    static String text(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The documents of a YAML file, with aliases followed. */
    static List<JsonNode> yaml(Path file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        for (Object document : new Yaml().loadAll(Files.readString(file))) {
            documents.add(JSON.valueToTree(document));
        }
        return documents;
    }

    static String version() {
        return property("version");
    }

    /** The first element of a name in the root pom.xml that is indented as the project's own are. */
    static String property(String name) {
        Matcher element =
                Pattern.compile("\n {2,4}<" + Pattern.quote(name) + ">(.*)</").matcher(text("pom.xml"));
        if (!element.find()) {
            throw new IllegalStateException("pom.xml has no <" + name + ">");
        }
        return element.group(1);
    }
}

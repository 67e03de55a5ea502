package org.dnallama.deploy.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;

/** Reads manifests by the typed models of Kubernetes' kinds, of which fabric8's take any unknown field in silence. */
final class StrictModels {

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated member) {
                    return false;
                }
            });

    private StrictModels() {}

    /**
     * Reads an object.
     *
     * @throws IllegalArgumentException if a field is unknown or of another type
     */
    static <T> T read(JsonNode manifest, Class<T> kind) {
        return MAPPER.convertValue(manifest, kind);
    }
}

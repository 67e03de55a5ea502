package org.dnallama.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder on the local disk. */
public record LocalStorage(Path folder) implements Storage {

    @Override
    public InputStream open(String path) throws IOException {
        return Files.newInputStream(folder.resolve(path));
    }

    @Override
    public OutputStream create(String path) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.newOutputStream(file);
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(folder.resolve(path));
    }

    @Override
    public List<String> list(String path) throws IOException {
        if (!exists(path)) {
            return List.of();
        }
        try (Stream<Path> names = Files.list(folder.resolve(path))) {
            return names.map(name -> name.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to));
    }

    @Override
    public void delete(String path) throws IOException {
        if (exists(path)) {
            try (Stream<Path> all = Files.walk(folder.resolve(path))) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    @Override
    public Optional<Path> local(String path) {
        return Optional.of(folder.resolve(path));
    }

    @Override
    public String describe() {
        return folder.toString();
    }
}

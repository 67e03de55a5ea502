package org.dnallama.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.dnallama.checkpoint.VocabularyExtension;
import org.dnallama.config.InputException;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.GenomeFiles;
import org.dnallama.token.ByteTokenizer;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.ExtendedVocabulary;
import org.dnallama.token.KmerTokenizer;
import org.dnallama.token.Tokenizer;
import org.dnallama.token.Tokenizers;

/** Makes the tokenizer that the settings ask for: builds, reads, learns or extends it. */
final class TokenizerMaker {

    private final SparkSession spark;
    private final IngestSettings settings;
    private final GenomeFiles files;

    TokenizerMaker(SparkSession spark, IngestSettings settings, GenomeFiles files) {
        this.spark = spark;
        this.settings = settings;
        this.files = files;
    }

    /**
     * What was made.
     *
     * @param tokenizer what rows are written with
     * @param extension the file {@code vocabulary_extension.json}, if it extends a language model's vocabulary
     */
    record Made(Tokenizer tokenizer, Optional<String> extension) {}

    /**
     * Makes it.
     *
     * @param sources the files
     * @param ranges what of them is wanted, to learn from
     * @return a tokenizer
     * @throws InputException if a file cannot be read or is not what the settings ask for
     */
    Made make(List<FastaSource> sources, List<RangeTask> ranges) {
        TokenizerSettings wanted = settings.tokenizer();
        Tokenizer own = own(wanted, sources, ranges);
        Optional<ExtendedVocabulary> extended = wanted.base().map(file -> ExtendedVocabulary.of(read(file), own));
        return new Made(
                extended.map(ExtendedVocabulary::tokenizer).orElse(own),
                extended.map(vocabulary -> json(vocabulary, wanted.initialization())));
    }

    private static String json(ExtendedVocabulary vocabulary, VocabularyExtension.Rule rule) {
        ObjectNode json = new VocabularyExtension(vocabulary.baseVocabulary(), rule, vocabulary.pieces()).toJson();
        ObjectNode ids = json.putObject("ids");
        vocabulary.ids().forEach((old, id) -> ids.put(String.valueOf(old), id));
        return json.toPrettyString() + "\n";
    }

    private Tokenizer own(TokenizerSettings wanted, List<FastaSource> sources, List<RangeTask> ranges) {
        return switch (wanted.kind()) {
            case CHARACTER -> new CharacterTokenizer();
            case KMER -> new KmerTokenizer(wanted.k(), wanted.stride());
            case BYTE -> new ByteTokenizer();
            case FILE -> read(wanted.file().orElseThrow());
            case BPE ->
                wanted.file()
                        .map(file -> checked(file, wanted.learning().vocabularySize()))
                        .orElseGet(() -> new BpeLearning(
                                        spark,
                                        new BpeLearning.Source(
                                                files, sources, settings.unknown(), wanted.learning(), settings.seed()))
                                .run(ranges));
        };
    }

    private Tokenizer checked(String file, int vocabularySize) {
        Tokenizer tokenizer = read(file);
        if (tokenizer.vocabularySize() != vocabularySize) {
            throw new InputException(file + ": has " + tokenizer.vocabularySize()
                    + " tokens, ingest.tokenizer.vocabulary = " + vocabularySize
                    + "; set that to what the model has, or give another file");
        }
        return tokenizer;
    }

    private Tokenizer read(String file) {
        Path path = new Path(file);
        try (InputStream in =
                path.getFileSystem(spark.sparkContext().hadoopConfiguration()).open(path)) {
            return Tokenizers.readFile(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}

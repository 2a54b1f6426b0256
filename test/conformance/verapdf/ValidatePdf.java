import java.io.FileInputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Validates the files named as arguments as PDF/A-2a and as PDF/UA-1 with veraPDF. Prints one line for each rule broken:
 * file, flavour, clause, test number, number of times and description, separated by tabs; then "end". Used by tests alone.
 */
public final class ValidatePdf {
  private static final List<PDFAFlavour> FLAVOURS = List.of(PDFAFlavour.PDFA_2_A, PDFAFlavour.PDFUA_1);

  public static void main(String[] files) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (String file : files) for (PDFAFlavour flavour : FLAVOURS) validate(file, flavour);
    System.out.println("end");
  }

  private static void validate(String file, PDFAFlavour flavour) throws Exception {
    try (FileInputStream stream = new FileInputStream(file);
        PDFAParser parser = Foundries.defaultInstance().createParser(stream, flavour);
        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
      ValidationResult result = validator.validate(parser);
      Map<String, Integer> broken = new TreeMap<>();
      for (TestAssertion assertion : result.getTestAssertions()) {
        if (assertion.getStatus() != TestAssertion.Status.FAILED) continue;
        String rule = assertion.getRuleId().getClause() + "\t" + assertion.getRuleId().getTestNumber();
        broken.merge(rule + "\t" + assertion.getMessage().replaceAll("\\s+", " "), 1, Integer::sum);
      }
      broken.forEach((rule, times) -> System.out.println(file + "\t" + flavour + "\t" + rule + "\t" + times));
      if (!result.isCompliant() && broken.isEmpty()) System.out.println(file + "\t" + flavour + "\tunknown\t0\tnot compliant\t1");
    }
  }

  private ValidatePdf() {}
}

import java.io.File;
import java.io.StringReader;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import javax.xml.XMLConstants;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.ls.LSInput;
import org.w3c.dom.bootstrap.DOMImplementationRegistry;
import org.w3c.dom.ls.DOMImplementationLS;

/** Java's own XML Schema and XML Signature on sealed protocol signatures: a line for each file, `valid` or what is wrong. */
public class ValidateSegnatura {
  static final String DS = XMLSignature.XMLNS;
  static final String XADES = "http://uri.etsi.org/01903/v1.3.2#";

  public static void main(String[] args) throws Exception {
    System.setProperty("org.jcp.xml.dsig.secureValidation", "true");
    Schema schema = schemaAt(new File(args[0]));
    for (int index = 1; index < args.length; index++) System.out.println(said(schema, new File(args[index])));
  }

  /** The schema of signatures names a DTD on the web, which it does not need. */
  static Schema schemaAt(File file) throws Exception {
    SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
    DOMImplementationLS empty = (DOMImplementationLS) DOMImplementationRegistry.newInstance().getDOMImplementation("LS");
    factory.setResourceResolver((type, namespace, publicId, systemId, base) -> {
      if (systemId == null || !systemId.endsWith(".dtd")) return null;
      LSInput input = empty.createLSInput();
      input.setCharacterStream(new StringReader(""));
      input.setSystemId(systemId);
      return input;
    });
    return factory.newSchema(file);
  }

  static String said(Schema schema, File file) {
    try {
      DocumentBuilderFactory builders = DocumentBuilderFactory.newInstance();
      builders.setNamespaceAware(true);
      Document document = builders.newDocumentBuilder().parse(file);
      schema.newValidator().validate(new DOMSource(document));
      Element seal = (Element) document.getElementsByTagNameNS(DS, "Signature").item(0);
      Element properties = (Element) document.getElementsByTagNameNS(XADES, "SignedProperties").item(0);
      properties.setIdAttribute("Id", true);
      String certificate = document.getElementsByTagNameNS(DS, "X509Certificate").item(0).getTextContent();
      PublicKey key = CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(Base64.getMimeDecoder().decode(certificate))).getPublicKey();
      DOMValidateContext context = new DOMValidateContext(key, seal);
      XMLSignature signature = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
      if (!signature.getSignatureValue().validate(context)) return "the signature is not of this key";
      for (Object reference : signature.getSignedInfo().getReferences())
        if (!((Reference) reference).validate(context)) return "changed: " + ((Reference) reference).getURI();
      return signature.getSignedInfo().getReferences().size() == 2 ? "valid" : "not all is signed";
    } catch (Exception error) {
      return String.valueOf(error.getMessage()).replace('\n', ' ');
    }
  }
}

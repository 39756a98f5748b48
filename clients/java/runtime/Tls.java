package dataservice.runtime;

import java.nio.file.Path;

/**
 * How a connection is encrypted. The files are in PEM format. They are read when a client is made,
 * and again when they have changed: new connections use the new files.
 *
 * @param ca the authorities of the server's certificate; null for those of the Java runtime
 * @param certificate the client's own certificate (mutual TLS), or null
 * @param key the private key of the certificate, in PKCS #8, or null
 * @param serverName the name in the server's certificate; null for the host of the target
 */
public record Tls(Path ca, Path certificate, Path key, String serverName) {
  /** TLS with the authorities of the Java runtime. */
  public static final Tls DEFAULT = new Tls(null, null, null, null);

  public Tls {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException(
          "a client certificate needs a key, and a key a certificate");
    }
  }

  /** With authorities of one's own. */
  public Tls withCa(Path authorities) {
    return new Tls(authorities, certificate, key, serverName);
  }

  /** With a certificate of the client. */
  public Tls withCertificate(Path chain, Path privateKey) {
    return new Tls(ca, chain, privateKey, serverName);
  }

  /** With another name in the server's certificate than the host of the target. */
  public Tls withServerName(String name) {
    return new Tls(ca, certificate, key, name);
  }
}

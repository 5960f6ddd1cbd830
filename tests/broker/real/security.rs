//! Who we are, and who the brokers are: TLS, certificates, passwords and tokens against a real Kafka with authorities of its
//! own; what is not allowed is said plainly; and no secret comes out anywhere.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::cluster::{Cluster, Wish};
use super::kafka::{Isolation, Topics};
use super::program::{self, Klartext};
use super::{kafka_for, pages, tally};

/// Appears nowhere but in the configuration.
const PASSWORD: &str = "Streng-Geheim-4711";
const LIMIT: Duration = Duration::from_mins(1);
/// Exit code for "no permission", of sysexits.h.
const NO_PERMISSION: i32 = 77;

/// A cluster with a listener for each way in.
struct Fortress {
    cluster: Cluster,
    keys: PathBuf,
    tls: u16,
    sasl: u16,
    sasl_tls: u16,
}

impl Fortress {
    fn start() -> Option<Self> {
        kafka_for("security")?;
        let keys = program::folder(&format!("keys-{}", std::process::id()));
        make_keys(&keys);
        let [tls, sasl, sasl_tls] = free_ports();
        let wish = Wish {
            settings: settings(&keys),
            listeners: format!(
                "TLS://127.0.0.1:{tls},SASL://127.0.0.1:{sasl},SASLTLS://127.0.0.1:{sasl_tls}"
            ),
            ..Wish::default()
        };
        let cluster = Cluster::start("security", &wish)?;
        for mechanism in ["SCRAM-SHA-256", "SCRAM-SHA-512"] {
            let credential = format!("{mechanism}=[password={PASSWORD}]");
            let who = ["configs", "--alter", "--entity-type", "users", "--entity-name", "rosa"];
            cluster.tool(&[&who[..], &["--add-config", &credential]].concat());
        }
        // Rosa may do everything; emil nothing.
        for resource in ["--topic", "--group", "--transactional-id"] {
            let rule =
                ["org.apache.kafka.tools.AclCommand", "--add", "--allow-principal", "User:rosa"];
            cluster.tool(&[&rule[..], &["--operation", "All", resource, "*"]].concat());
        }
        Some(Self { cluster, keys, tls, sasl, sasl_tls })
    }

    /// Runs pages through with this section `security`, and looks for the password in all that was said.
    fn lets_in(&self, port: u16, security: &str) {
        let kafka = &self.cluster.kafka;
        let topics = kafka.topics("security", 1);
        let pages = pages::mixed(0..60);
        kafka.produce(&topics.input, &pages);
        let klartext = self.klartext(&topics, port, security);
        kafka.wait_for_lag_0(&topics, LIMIT);
        let log = klartext.text();
        klartext.terminate().must_balance();
        tally::exactly_once(&pages, &kafka.outputs(&topics, Isolation::Committed));
        assert!(!log.contains(PASSWORD), "the log of {security} tells the password");
    }

    /// The service must end, say why, and not tell the password.
    fn keeps_out(&self, port: u16, security: &str, code: i32, reason: &str) {
        let topics = self.cluster.kafka.topics("kept-out", 1);
        let mut klartext = self.klartext(&topics, port, security);
        let status = klartext.wait(LIMIT);
        let text = klartext.text();
        assert_eq!(status.code(), Some(code), "{security}\n{text}");
        assert!(text.contains(reason), "`{reason}` is not said: {text}");
        assert!(!text.contains(PASSWORD), "the password is told: {text}");
    }

    fn klartext(&self, topics: &Topics, port: u16, security: &str) -> Klartext {
        let over = format!(
            "kafka: {{brokers: [\"127.0.0.1:{port}\"], security: {security}}}\nlog: {{level: debug}}\n"
        );
        let environment = [("KLARTEXT_TEST_PASSWORD", PASSWORD)];
        Klartext::start_over(&self.cluster.kafka, topics, "a", &over, &environment)
    }

    fn key(&self, name: &str) -> String {
        self.keys.join(name).display().to_string()
    }
}

#[test]
fn every_way_in_works_and_the_wrong_ones_are_told() {
    let Some(fortress) = Fortress::start() else { return };
    let ca = fortress.key("ca.pem");
    let tls = format!("tls: {{ca_file: {ca}}}");
    let client = format!(
        "tls: {{ca_file: {ca}, cert_file: {}, key_file: {}, key_password: {{from_env: KLARTEXT_TEST_PASSWORD}}}}",
        fortress.key("client.pem"),
        fortress.key("client.key")
    );
    let user = |mechanism: &str, name: &str| {
        format!(
            "sasl: {{mechanism: {mechanism}, username: {name}, password: {{from_env: KLARTEXT_TEST_PASSWORD}}}}"
        )
    };
    // TLS with a certificate of ours, which this listener wants.
    fortress.lets_in(fortress.tls, &format!("{{protocol: ssl, {client}}}"));
    for mechanism in ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] {
        let user = user(mechanism, "rosa");
        fortress.lets_in(fortress.sasl_tls, &format!("{{protocol: sasl_ssl, {tls}, {user}}}"));
    }
    let plain = user("SCRAM-SHA-512", "rosa");
    fortress.lets_in(fortress.sasl, &format!("{{protocol: sasl_plaintext, {plain}}}"));
    let token = fortress.keys.join("token");
    fs::write(&token, token_for("rosa", 3600)).expect("a file in the folder");
    let bearer = format!("sasl: {{mechanism: OAUTHBEARER, token_file: {}}}", token.display());
    fortress.lets_in(fortress.sasl_tls, &format!("{{protocol: sasl_ssl, {tls}, {bearer}}}"));

    // Not what the broker's certificate is signed by.
    let other = format!("tls: {{ca_file: {}}}", fortress.key("other-ca.pem"));
    let rosa = user("SCRAM-SHA-512", "rosa");
    fortress.keeps_out(
        fortress.sasl_tls,
        &format!("{{protocol: sasl_ssl, {other}, {rosa}}}"),
        NO_PERMISSION,
        "certificate",
    );
    let nobody = user("SCRAM-SHA-256", "niemand");
    fortress.keeps_out(
        fortress.sasl_tls,
        &format!("{{protocol: sasl_ssl, {tls}, {nobody}}}"),
        NO_PERMISSION,
        "uthentication",
    );
    // Known, and allowed nothing.
    let emil = user("PLAIN", "emil");
    fortress.keeps_out(
        fortress.sasl,
        &format!("{{protocol: sasl_plaintext, {emil}}}"),
        NO_PERMISSION,
        "ACL",
    );
    permissions_that_are_taken_away_are_waited_for(&fortress);
}

/// In the middle of it the output may no longer be written: nothing is lost, and it goes on when it may again.
fn permissions_that_are_taken_away_are_waited_for(fortress: &Fortress) {
    let kafka = &fortress.cluster.kafka;
    let topics = kafka.topics("acl", 1);
    let pages = pages::mixed(0..200);
    let user = format!(
        "{{protocol: sasl_plaintext, sasl: {{mechanism: PLAIN, username: rosa, password: {PASSWORD}}}}}"
    );
    let mut klartext = fortress.klartext(&topics, fortress.sasl, &user);
    kafka.produce(&topics.input, &pages[..100]);
    kafka.wait_for_lag_0(&topics, LIMIT);
    let rule = ["org.apache.kafka.tools.AclCommand", "--deny-principal", "User:rosa"];
    let what = ["--operation", "Write", "--topic", &topics.output];
    let deny = |how: &[&str]| fortress.cluster.tool(&[&rule[..], &what, how].concat());
    deny(&["--add"]);
    kafka.produce(&topics.input, &pages[100..]);
    klartext.wait_for_text("Topic authorization failed", LIMIT);
    klartext.must_run();
    deny(&["--remove", "--force"]);
    kafka.wait_for_lag_0(&topics, LIMIT);
    klartext.terminate().must_balance();
    tally::exactly_once(&pages, &kafka.outputs(&topics, Isolation::Committed));
}

#[test]
fn no_secret_is_ever_shown() {
    let folder = program::folder(&format!("secrets-{}", std::process::id()));
    let file = folder.join("klartext.yaml");
    let written = [
        format!(
            "kafka: {{security: {{protocol: sasl_ssl, tls: {{key_password: {PASSWORD}}}, sasl: {{mechanism: PLAIN, username: rosa, password: {PASSWORD}}}}}}}"
        ),
        // Where it does not belong: refused, without a word of it.
        format!("kafka: {{options: {{sasl.password: {PASSWORD}}}}}"),
        format!("kafka: {{options: {{ssl.key.password: {PASSWORD}}}}}"),
        format!("kafka: {{security: {{sasl: {{password: [{PASSWORD}]}}}}}}"),
        format!(
            "kafka: {{security: {{protocol: sasl_ssl, sasl: {{mechanism: PLAIN, pasword: {PASSWORD}}}}}}}"
        ),
        format!("kafka: {{options: {{sasl.oauthbearer.client.secret: {PASSWORD}}}}}"),
    ];
    for yaml in written {
        fs::write(&file, &yaml).expect("a file in the test folder");
        for arguments in [&["check"][..], &["check", "--origins"]] {
            let output = Command::new(program::program())
                .args(arguments)
                .arg("--config")
                .arg(&file)
                .output()
                .expect("the program starts");
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said).replace(&yaml, "");
            assert!(!said.contains(PASSWORD), "{arguments:?} of {yaml} says\n{said}");
        }
    }
}

/// A token that is not signed: good enough for a broker that is told to take such.
fn token_for(user: &str, seconds: i64) -> String {
    let now = jiff::Timestamp::now().as_second();
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    let claims = format!(r#"{{"sub":"{user}","iat":{now},"exp":{}}}"#, now + seconds);
    format!("{header}.{}.", URL_SAFE_NO_PAD.encode(claims))
}

/// Authorities, and certificates for the broker and for us.
fn make_keys(folder: &Path) {
    let script = format!(
        r#"set -e
for ca in ca other-ca; do
    openssl req -x509 -newkey rsa:2048 -nodes -keyout $ca.key -out $ca.pem -days 2 -subj "/CN=klartext $ca"
done
sign() {{
    openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out "$1.pem" \
        -extfile <(echo "subjectAltName=IP:127.0.0.1,DNS:localhost")
}}
sign broker
sign client
cat broker.key broker.pem > broker-store.pem
openssl pkcs8 -topk8 -in client.key -out client.key.encrypted -passout pass:{PASSWORD}
mv client.key.encrypted client.key
"#
    );
    let made = Command::new("bash").args(["-c", &script]).current_dir(folder).output();
    let made = made.expect("bash is there");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn settings(keys: &Path) -> String {
    let keys = keys.display();
    let plain = format!(
        "org.apache.kafka.common.security.plain.PlainLoginModule required user_rosa=\"{PASSWORD}\" user_emil=\"{PASSWORD}\";"
    );
    let scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
    let bearer = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"broker\";";
    let mechanisms = |listener: &str| {
        format!(
            "listener.name.{listener}.plain.sasl.jaas.config={plain}\n\
             listener.name.{listener}.scram-sha-256.sasl.jaas.config={scram}\n\
             listener.name.{listener}.scram-sha-512.sasl.jaas.config={scram}\n\
             listener.name.{listener}.oauthbearer.sasl.jaas.config={bearer}\n"
        )
    };
    format!(
        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,TLS:SSL,SASL:SASL_PLAINTEXT,SASLTLS:SASL_SSL\n\
         sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER\n\
         {}{}\
         ssl.keystore.type=PEM\nssl.keystore.location={keys}/broker-store.pem\n\
         ssl.truststore.type=PEM\nssl.truststore.location={keys}/ca.pem\n\
         listener.name.tls.ssl.client.auth=required\n\
         authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer\n\
         super.users=User:ANONYMOUS;User:CN=client\n\
         allow.everyone.if.no.acl.found=false\n",
        mechanisms("sasl"),
        mechanisms("sasltls"),
    )
}

fn free_ports() -> [u16; 3] {
    let listeners = [0; 3].map(|port: u16| TcpListener::bind(("127.0.0.1", port)).expect("a port"));
    listeners.map(|listener| listener.local_addr().expect("an address").port())
}

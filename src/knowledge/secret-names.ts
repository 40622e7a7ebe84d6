/**
 * How names of variables, settings, parameters and flags say that their value is a secret. The one list for the environment,
 * for texts and for the lint; docs/secrets.md shows it. A name is judged by its words: `MY_API_KEY` and `myApiKey` have three.
 */

export interface NameRule {
	readonly what: string;
	/** Words of which one is enough. */
	readonly words?: string;
	/** Matches a word, where words are written together: `GITHUBTOKEN`. */
	readonly pattern?: RegExp;
	/** The name has these words next to each other. */
	readonly pairs?: string;
	/** Words that must be the last, except for a number or a format: `SIGNING_KEY_2`, `KEY_PEM`. */
	readonly last?: string;
	readonly hidden: readonly string[];
	readonly shown: readonly string[];
}

export const nameRules: readonly NameRule[] = [
	{
		what: "Tokens",
		words: "token tokens jwt pat bearer otp totp",
		pattern: /tokens?$/,
		hidden: ["GITHUB_TOKEN", "accessToken", "_authToken", "NPMTOKEN", "CI_JWT", "GH_PAT_2", "splunk-token"],
		shown: ["TOKENIZERS_PARALLELISM", "TOKENIZER", "PATH", "PATTERN", "SPATULA"],
	},
	{
		what: "Passwords",
		words: "pass passwd pwd pw psw pin pincode",
		pattern: /passw(?:or)?ds?$|^passw(?:or)?d|passphrases?$|passcodes?$|pwds?$|(?<!by|com|tres|sur|under|over)pass$/,
		hidden: ["DB_PASSWORD", "MYSQL_PWD", "SSHPASS", "Pwd", "keystorePass", "GPG_PASSPHRASE", "CARD_PIN"],
		shown: ["BYPASS", "COMPASS", "PINNED", "SPINNER", "PASSED", "PASSENGERS", "OLDPWD"],
	},
	{
		what: "Secrets and credentials",
		words: "cred creds credential credentials private salt hmac sas",
		pattern: /secrets?$|^secret(?:key|access)|credentials?$/,
		hidden: ["MY_SECRET", "clientSecret", "AWS_CREDS", "GOOGLE_CREDENTIALS", "WEBHOOK_HMAC", "AZURE_SAS", "HASH_SALT"],
		shown: ["SECRETARY", "SACRED", "CREDITS", "SASS_PATH", "SALTED"],
	},
	{
		what: "Keys",
		pairs: "access key|account key|api key|auth key|private key|secret key|shared key",
		pattern:
			/(?:access|account|api|app|auth|client|deploy|encryption|gpg|license|master|pgp|private|secret|service|shared|sign|signing|ssh|storage)keys?$/,
		last: "key keys",
		hidden: ["AWS_ACCESS_KEY_ID", "SSH_KEY", "SIGNING_KEY_BASE64", "AccountKey", "apikey", "X-Api-Key", "KEY_PEM"],
		shown: ["KEYBOARD", "MONKEY", "PUBLIC_KEY", "CACHE_KEY", "PRIMARY_KEY", "KEYRING", "TURKEY"],
	},
	{
		what: "Logins and sessions",
		words: "auth auths oauth authorization session sessions sessid cookie cookies",
		pattern: /sessid$|^oauth/,
		hidden: ["NPM_AUTH", "_auth", "Proxy-Authorization", "SESSION_ID", "PHPSESSID", "COOKIE", "DOCKER_AUTH_CONFIG"],
		shown: ["GIT_AUTHOR_NAME", "AUTHOR", "AUTHORITY", "OBSESSION", "COOKIECUTTER"],
	},
	{
		what: "Signatures",
		words: "sig signature signatures",
		hidden: ["sig", "X-Amz-Signature"],
		shown: ["SIGNAL", "DESIGN"],
	},
	{
		what: "Addresses that are secrets",
		words: "dsn webhook webhooks connstr connectionstring connectionstrings",
		pairs: "connection string|connection strings|conn str",
		hidden: ["SENTRY_DSN", "SLACK_WEBHOOK_URL", "CONNECTION_STRING", "ConnectionStrings__Default"],
		shown: ["CONNECTION_TIMEOUT", "STRING"],
	},
];

/** What may follow a word that must be the last. */
export const formatWords = "base64 b64 pem json hex raw data value";

/** Names of settings that such a word occurs in; their values are no secrets. */
export const openNames =
	"github_actor git_author_name git_author_email git_author_date session_manager desktop_session gdmsession oldpwd init_cwd xdg_session_id xdg_session_type xdg_session_class xdg_session_desktop xdg_session_path dbus_session_bus_address";
/** The last two words of such names. */
export const openEnds =
	"public key|cache key|primary key|foreign key|partition key|sort key|host key|restore key|cache keys|public keys|restore keys|token type|token expires|auth method|auth type";

/** Words of this program's sentences, and values that are no secrets even under the name of a password. */
export const commonWords =
	"true false none null nil yes off on no empty incorrect invalid expired denied rejected unauthorized prompt stdin argument via flag option cannot instead requires unset unknown default auto always never optional required forbidden allowed enabled disabled enable disable changeme change example sample test tests testing debug info warn warning error errors fail failed failure pass passed skip skipped healthy degraded about above access action actions after again against all allow also another answer answers any are asked because been before below between both branch build builder builds cache cannot case change changed check checks class code command commands commit config configuration connect connection container containers control could current daemon data deploy deployment described desktop device devices disk docker does done driver each else environment every exit expected file files first fix for forge found from full git gitea github group groups guest has have here home host hosts http https image images inside install installed into job jobs kernel key keys label labels last latest less library like line linux list local localhost login machine main make many master memory message minute minutes missing mode model more most mount mounted name names needs network new next node not nothing now number only open other output over owner page password path permission place plugin policy port private process production profile program proxy public read reason refused registry release remote report reports repository request required result results root run runner runners running runs same say says second seconds secret secrets see server service services set shell should side size socket some source space staging start started state status step steps stop such summary support system table tag than that the their them then there these they this time timeout token tokens tool tools toolchain two type ubuntu under unit update url use used user users uses value values variable version versions very volume wait want was what when where which while why will with within without work worker workflow workflows workspace would write written your";

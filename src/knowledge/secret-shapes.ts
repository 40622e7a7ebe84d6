/**
 * What secrets look like in any text. The one list for reports and for the lint; docs/secrets.md shows it. The formats are
 * those that the providers document. Names with a value (`password=…`) are in `secret-names.ts`.
 */

export interface SecretShape {
	readonly what: string;
	/** Group 1, if there is one, is shown; the rest of the match is hidden. Every repetition is bounded. */
	readonly pattern: RegExp;
	/**
	 * Forms of examples, so that no text here looks like a real secret: `{a36}` are 36 letters and digits, `{h}` hex digits, `{d}`
	 * digits, `{u}` capital letters and digits, `{l}` small letters and digits.
	 */
	readonly hidden: readonly string[];
	/** What looks similar and must stay. */
	readonly shown?: readonly string[];
}

/** Tokens with a prefix that only they have. */
export const tokenShapes: readonly SecretShape[] = [
	{
		what: "GitHub",
		pattern: /gh[opsur]_[A-Za-z0-9_]{10,255}|github_pat_[A-Za-z0-9_]{10,255}/,
		hidden: ["ghp_{a36}", "gho_{a36}", "ghs_{a36}", "github_pat_{a22}_{a59}"],
		shown: ["ghp_short", "github_path_of_a_file"],
	},
	{
		what: "GitLab",
		pattern:
			/gl(?:pat|dt|rtr?|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-[A-Za-z0-9_.-]{10,300}|GR1348941[A-Za-z0-9_-]{20,50}/,
		hidden: ["glpat-{a20}", "glrt-{a20}", "GR1348941{a20}"],
		shown: ["glob-pattern-of-a-label", "glibc-minimal-langpack"],
	},
	{
		what: "Bitbucket and Atlassian",
		pattern: /ATBB[A-Za-z0-9]{28,40}|AT(?:ATT|CTT)3[A-Za-z0-9_=-]{40,400}/,
		hidden: ["ATBB{a32}", "ATATT3{a180}={h8}"],
		shown: ["ATTACHMENT"],
	},
	{
		what: "Slack",
		pattern: /xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,300}|xapp-\d-[A-Za-z0-9-]{10,300}/,
		hidden: ["xoxb-{d12}-{d12}-{a24}", "xapp-1-{u11}-{d13}-{h64}"],
		shown: ["xoxo-hugs"],
	},
	{
		what: "Amazon Web Services",
		pattern:
			/(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{10,20}|ABSK[A-Za-z0-9+/]{60,300}={0,2}|bedrock-api-key-[A-Za-z0-9+/=]{20,4000}/,
		hidden: ["AKIA{u16}", "ASIA{u16}", "ABSK{a128}"],
		shown: ["ASIATIC", "Asia/Tokyo"],
	},
	{
		what: "Google",
		pattern:
			/AIza[A-Za-z0-9_-]{30,45}|ya29\.[A-Za-z0-9_-]{20,2000}|GOCSPX-[A-Za-z0-9_-]{20,40}|1\/\/0[A-Za-z0-9_-]{30,200}/,
		hidden: ["AIza{a35}", "ya29.{a60}", "GOCSPX-{a28}", "1//0{a50}"],
		shown: ["ya29.txt"],
	},
	{
		what: "Azure",
		pattern: /[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}|[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}/,
		hidden: ["{a3}8Q~{a34}", "{a76}AZDO{a4}"],
	},
	{
		what: "Package registries: npm, PyPI, RubyGems, crates.io, NuGet, Clojars",
		pattern:
			/npm_[A-Za-z0-9]{10,250}|pypi-[A-Za-z0-9_-]{10,500}|rubygems_[0-9a-f]{40,60}|cio[A-Za-z0-9]{32}(?![A-Za-z0-9])|oy2[a-z0-9]{43}|CLOJARS_[a-z0-9]{50,70}/,
		hidden: ["npm_{a36}", "pypi-{a85}", "rubygems_{h48}", "cio{a32}", "oy2{l43}", "CLOJARS_{l60}"],
		shown: ["npm_config_cache", "npm_config_user_agent", "npm_package_json", "npm_lifecycle_event", "npm_execpath"],
	},
	{ what: "Docker Hub", pattern: /dckr_[po]at_[A-Za-z0-9_-]{10,100}/, hidden: ["dckr_pat_{a27}", "dckr_oat_{a32}"] },
	{
		what: "Docker Swarm, K3s",
		pattern: /SWM(?:TKN|KEY)-1-[A-Za-z0-9+/-]{30,120}|K10[0-9a-f]{40,64}::[A-Za-z0-9:._-]{10,200}/,
		hidden: ["SWMTKN-1-{l50}-{l25}", "SWMKEY-1-{a43}", "K10{h64}::server:{h32}"],
	},
	{
		what: "Artifactory",
		pattern: /AKCp[A-Za-z0-9]{60,100}|cmVmdGtu[A-Za-z0-9]{50,80}/,
		hidden: ["AKCp{a69}", "cmVmdGtu{a56}"],
	},
	{
		what: "Models: OpenAI, Anthropic, OpenRouter, Hugging Face, Groq, xAI, Perplexity, Replicate, NVIDIA, LangSmith",
		pattern:
			/sk-(?=[A-Za-z0-9_-]{0,250}\d)[A-Za-z0-9_-]{10,250}|hf_[A-Za-z0-9]{10,60}|api_org_[A-Za-z0-9]{30,40}|gsk_[A-Za-z0-9]{40,60}|xai-[A-Za-z0-9]{40,100}|pplx-[A-Za-z0-9]{40,60}|r8_[A-Za-z0-9]{30,45}|nvapi-[A-Za-z0-9_-]{40,80}|lsv2_[ps][tk]_[A-Za-z0-9_]{30,50}/,
		hidden: ["sk-proj-{a64}", "sk-ant-api03-{a93}AA", "hf_{a34}", "gsk_{a52}", "xai-{a80}", "r8_{a37}", "nvapi-{a64}"],
		shown: ["sk-learn-contributors", "task-force-one", "disk-usage-report-1", "hf_cache"],
	},
	{
		what: "Stripe and other payments",
		pattern:
			/[sr]k_(?:live|test)_[A-Za-z0-9]{10,250}|whsec_[A-Za-z0-9+/=]{20,100}|sq0[a-z]{3}-[A-Za-z0-9_-]{20,50}|shp(?:at|ca|pa|ss)_[0-9a-f]{32}|FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,50}/,
		hidden: ["sk_live_{a24}", "rk_test_{a24}", "whsec_{a32}", "sq0atp-{a22}", "shpat_{h32}"],
		shown: ["pk_live_page", "risk_test_plan"],
	},
	{
		what: "Mail and messages: SendGrid, Mailgun, Mailchimp, Brevo, Twilio, Telegram, Discord",
		pattern:
			/SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}|key-[0-9a-f]{32}|[0-9a-f]{32}-us\d{1,2}|xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}|SK[0-9a-f]{32}|\d{8,10}:AA[A-Za-z0-9_-]{32,35}|[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}/,
		hidden: [
			"SG.{a22}.{a43}",
			"key-{h32}",
			"{h32}-us12",
			"xkeysib-{h64}-{a16}",
			"SK{h32}",
			"{d9}:AA{a33}",
			"M{a23}.{a6}.{a38}",
		],
		shown: ["SG.example.com", "key-value"],
	},
	{
		what: "Clouds and hosts: DigitalOcean, Heroku, Fly.io, Netlify, PlanetScale, Supabase, Cloudflare, Alibaba, Aiven",
		pattern:
			/do[opr]_v1_[0-9a-f]{10,64}|HRKU-[A-Za-z0-9_-]{30,70}|fm[12][ar]?_[A-Za-z0-9+/=_-]{40,2000}|fo1_[A-Za-z0-9_-]{40,60}|nfp_[A-Za-z0-9_]{30,60}|pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_.=-]{30,70}|sbp_[0-9a-f]{40}|sb_secret_[A-Za-z0-9_-]{20,60}|v1\.0-[0-9a-f]{24}-[0-9a-f]{146}|LTAI[A-Za-z0-9]{12,24}|AVNS_[A-Za-z0-9_-]{12,60}/,
		hidden: ["dop_v1_{h64}", "HRKU-{a60}", "fo1_{a43}", "nfp_{a40}", "pscale_tkn_{a43}", "sbp_{h40}", "LTAI{a20}"],
		shown: ["dop_v2", "v1.0-beta"],
	},
	{
		what: "Infrastructure: HashiCorp Vault and Terraform, Pulumi, Doppler, Tailscale, 1Password, Databricks, Infracost",
		pattern:
			/hv[sbr]\.[A-Za-z0-9_-]{20,300}|[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}|pul-[0-9a-f]{40}|dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.-]{30,60}|tskey-[a-z]{2,10}-[A-Za-z0-9_-]{10,100}|ops_eyJ[A-Za-z0-9_=-]{40,2000}|A3-[A-Z0-9]{6}(?:-[A-Z0-9]{5,11}){4,6}|dapi[0-9a-f]{32}(?:-\d)?|ico-[A-Za-z0-9]{32}/,
		hidden: [
			"hvs.{a24}",
			"{a14}.atlasv1.{a64}",
			"pul-{h40}",
			"dp.st.prd.{a43}",
			"tskey-auth-{a12}-{a32}",
			"ops_eyJ{a200}",
			"A3-{u6}-{u6}-{u5}-{u5}-{u5}-{u5}",
			"dapi{h32}",
		],
		shown: ["tskey-file", "hvs.conf"],
	},
	{
		what: "Observability: Grafana, Sentry, New Relic, Dynatrace, SonarQube",
		pattern:
			/gl(?:c|sa)_[A-Za-z0-9+/=_]{30,400}|sntr(?:ys|yu)_[A-Za-z0-9+/=_]{40,400}|NR(?:AK|II|JS)-[A-Za-z0-9_-]{19,42}|dt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}|sq[pau]_[0-9a-f]{40}/,
		hidden: ["glc_{a60}", "glsa_{a32}_{h8}", "sntrys_{a80}", "NRAK-{u27}", "dt0c01.{u24}.{u64}", "squ_{h40}"],
	},
	{
		what: "Continuous integration and tools: CircleCI, Buildkite, Harness, Postman, Linear, Notion, Figma, Sourcegraph, EasyPost, Shippo",
		pattern:
			/CCI(?:PAT|PRJ)_[A-Za-z0-9_]{30,80}|bk[upac]a?_[0-9a-f]{30,60}|[ps]at\.[A-Za-z0-9_-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}|PMAK-[0-9a-f]{24}-[0-9a-f]{34}|lin_api_[A-Za-z0-9]{40}|(?:ntn|secret)_[A-Za-z0-9]{40,50}|figd_[A-Za-z0-9_-]{40,60}|sgp_[0-9a-f_]{40,70}|EZ[AT]K[A-Za-z0-9]{54}|shippo_(?:live|test)_[0-9a-f]{40}/,
		hidden: [
			"CCIPAT_{a22}_{h40}",
			"bkua_{h40}",
			"pat.{a22}.{h24}.{a20}",
			"PMAK-{h24}-{h34}",
			"lin_api_{a40}",
			"figd_{a40}",
		],
	},
	{
		what: "Others: Adafruit, Airtable, Duffel, Frame.io, OpenShift, Octopus Deploy, Prefect, ReadMe, Scalingo, Typeform, Defined Networking, MaxMind, Adobe",
		pattern:
			/aio_[A-Za-z0-9]{28}|pat[A-Za-z0-9]{14}\.[0-9a-f]{64}|duffel_(?:test|live)_[A-Za-z0-9_=-]{40,50}|fio-u-[A-Za-z0-9_=-]{60,70}|sha256~[A-Za-z0-9_-]{40,50}|API-[A-Z0-9]{25,34}(?![A-Z0-9])|pn[bu]_[A-Za-z0-9]{36}|rdme_[a-z0-9]{70}|tk-us-[A-Za-z0-9_-]{48}|tfp_[A-Za-z0-9_.=-]{50,70}|dnkey-[A-Za-z0-9_=-]{26}-[A-Za-z0-9_=-]{52}|[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk|p8e-[A-Za-z0-9]{32}/,
		hidden: [
			"aio_{a28}",
			"pat{a14}.{h64}",
			"duffel_test_{a43}",
			"fio-u-{a64}",
			"sha256~{a43}",
			"API-{u26}",
			"pnu_{a36}",
			"rdme_{l70}",
			"tk-us-{a48}",
			"tfp_{a44}_{a14}",
			"dnkey-{a26}-{a52}",
			"{a6}_{a29}_mmk",
			"p8e-{a32}",
		],
		shown: ["sha256:{h64}", "API-VERSION", "path.{h64}", "pnu_short"],
	},
	{
		what: "age keys",
		pattern: /AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{50,2000}/i,
		hidden: ["AGE-SECRET-KEY-1{u58}"],
		shown: ["age1{l58}"],
	},
	{
		what: "JSON Web Tokens",
		pattern: /eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,8000}(?:\.[A-Za-z0-9_-]{0,2000}){0,3}/,
		hidden: ["eyJ{a33}.eyJ{a40}.{a43}"],
		shown: ["eyJ.json"],
	},
];

/** Secrets that the text around them tells. */
export const contextShapes: readonly SecretShape[] = [
	{
		what: "Private keys (PEM, OpenSSH, PGP, PuTTY), also if their end was cut off",
		pattern:
			/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,16384}?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)|(?<=Private-Lines: \d{1,3}\s{1,2})(?:[A-Za-z0-9+/=]{20,64}\s{0,2}){1,100}/g,
		hidden: [
			"-----BEGIN OPENSSH PRIVATE KEY-----\n{a64}\n-----END OPENSSH PRIVATE KEY-----",
			"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{a64}",
			"-----BEGIN EC PRIVATE KEY-----\n{a64}",
		],
		shown: ["-----BEGIN CERTIFICATE-----\n{a64}"],
	},
	{
		what: "Headers with a login or a cookie",
		pattern:
			/(\b(?:proxy-)?authorization["']?\s{0,3}[=:]\s{0,3}["']?(?:(?:basic|bearer|digest|token|negotiate|ntlm|apikey|aws4-hmac-sha256|ssws|splunk)\s+)?)[^\s"',;]{4,4000}/gi,
		hidden: ["Authorization: Basic {a16}", "authorization: token {a40}", '"Proxy-Authorization": "Basic {a16}"'],
		shown: ["authorization failed for this user"],
	},
	{
		what: "Cookies",
		pattern: /(\b(?:set-)?cookie["']?:\s{0,3}["']?)[^\s"'][^\n"']{3,4000}/gi,
		hidden: ["Set-Cookie: i_like_gitea={h16}; Path=/", "Cookie: sid={a20}"],
	},
	{
		what: "Bearer tokens",
		pattern: /(\bbearer\s+)[A-Za-z0-9+/=._~-]{16,4000}/gi,
		hidden: ["Bearer {a32}"],
		shown: ["bearer of news"],
	},
	{
		what: "netrc",
		pattern: /(\b(?:login|user|account)\s+\S{1,200}\s+password\s+)\S{1,1000}/g,
		hidden: ["machine git.example login joe password {a12}", "default login joe\n\tpassword {a12}"],
		shown: ["login with a password works"],
	},
	{
		what: "Logins of curl and of database clients",
		pattern:
			/((?:^|[\s"'`])(?:-[A-Za-z]{0,4}[uU]|--(?:proxy-)?user|--userpwd)[\s=]{0,9}["']?(?!\d{1,7}:\d{1,7}(?:["'\s]|$))[^\s:"'/%]{1,100}[:%])[^\s"']{1,500}/g,
		hidden: ["curl -u joe:{a12} https://git.example", "curl --proxy-user 'joe:{a12}'", "smbclient -U joe%{a12}"],
		shown: ["docker run -u 1000:1000 alpine", "docker run --user 0:0 alpine"],
	},
	{
		what: "Passwords that a command takes in a short flag",
		pattern:
			/(\b(?:sshpass|login|mysql\w{0,8}|mariadb\w{0,8}|redis-cli|ldap\w{2,8}|bsdtar|7z\w?|unzip|zip|mongo\w{0,8})\s(?:[^\n|;&]{0,200}\s)?(?:-p|-a|-w|-P)\s?["']?)(?=\S{4})(?!\d{1,5}(?:[\s:]|$))[^\s"'=-][^\s"']{3,500}/g,
		hidden: [
			"sshpass -p {a12} ssh joe@host",
			"docker login -u joe -p {a12} registry.example",
			"mysql -uroot -p{a12} db",
		],
		shown: ["docker run -p 8080:80 nginx", "ssh -p 2222 host", "mysql -h db -P 3306 x"],
	},
	{
		what: "Passwords of OpenSSL",
		pattern: /(\bpass(?:in|out)?\s{1,3}["']?pass:)[^\s"']{1,500}/g,
		hidden: ["openssl rsa -passin pass:{a12}"],
	},
	{
		what: "Values in XML",
		pattern:
			/(<(?:[\w-]{1,40}:)?(?:\w{0,40}(?:password|passphrase|passwd|secret|token|apikey|privateKey))>|<add\s{1,9}key="\w{0,40}(?:password|apikey|secret|token)"\s{1,9}value=")[^<>"\n]{4,2000}/gi,
		hidden: [
			"<password>{a12}</password>",
			"<server:authToken>{a20}</server:authToken>",
			'<add key="ClearTextPassword" value="{a12}" />',
		],
		shown: ["<username>joe</username>"],
	},
	{
		what: "Passwords in SQL",
		pattern: /(\b(?:identified\s(?:with\s\w{1,40}\s)?by|password)\s{1,3}')[^'\n]{4,500}/gi,
		hidden: ["CREATE USER joe IDENTIFIED BY '{a12}'", "ALTER ROLE joe PASSWORD '{a12}'"],
	},
	{
		what: "Password hashes",
		pattern: /\$(?:2[abxy]\$\d\d|[156y]|7|argon2(?:id?|d)\$v=\d{1,3}|scrypt|apr1)\$[A-Za-z0-9./+=,$-]{8,300}/g,
		hidden: ["joe:$6${a8}${a86}", "$2y$10${a53}", "$apr1${a8}${a22}"],
		shown: ["costs $5 or $6", "echo $1$2"],
	},
	{
		what: "Webhooks: Slack, Discord, Microsoft Teams, Google Chat",
		pattern:
			/(\bhttps:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/|\bhttps:\/\/(?:\w{1,20}\.)?discord(?:app)?\.com\/api\/webhooks\/|\bhttps:\/\/[\w.-]{1,80}\.office\.com\/webhook\w{0,4}\/|\bhttps:\/\/chat\.googleapis\.com\/v1\/spaces\/)[\w/@.?=&%-]{8,500}/g,
		hidden: [
			"https://hooks.slack.com/services/T{u8}/B{u8}/{a24}",
			"https://discord.com/api/webhooks/{d18}/{a68}",
			"https://acme.webhook.office.com/webhookb2/{h32}",
		],
		shown: ["https://hooks.slack.com/", "https://discord.com/channels"],
	},
];

/** What people put into images, and for some what is started in them. */
export interface UnpackSet {
  readonly names: string;
  readonly run?: { readonly argv: readonly string[]; readonly prints: RegExp };
}

const withPrograms: readonly UnpackSet[] = [
  { names: 'base-files base-passwd nginx', run: { argv: ['nginx', '-v'], prints: /nginx\/1\./ } },
  {
    names: 'python3 python3-yaml ca-certificates',
    run: { argv: ['python3', '-c', 'import ssl, yaml; print(yaml.dump([ssl.OPENSSL_VERSION]))'], prints: /OpenSSL 3/ },
  },
  { names: 'git curl ca-certificates base-files', run: { argv: ['git', '--version'], prints: /git version 2\./ } },
  { names: 'curl ca-certificates', run: { argv: ['curl', '--version'], prints: /^curl 7\..*OpenSSL/ } },
  { names: 'perl libwww-perl', run: { argv: ['perl', '-MLWP', '-e', 'print "LWP $LWP::VERSION"'], prints: /LWP 6/ } },
  { names: 'redis-server redis-tools', run: { argv: ['redis-server', '--version'], prints: /Redis server v=7/ } },
  { names: 'ruby base-files', run: { argv: ['ruby', '-rjson', '-e', 'puts JSON([1])'], prints: /^\[1\]/ } },
  {
    names: 'mawk gawk original-awk dash coreutils',
    run: { argv: ['sh', '-c', 'awk --version | head -n 1'], prints: /GNU Awk/ },
  },
  { names: 'vim nano ed dash', run: { argv: ['sh', '-c', 'vi --version'], prints: /VIM - Vi IMproved 9/ } },
  { names: 'gcc make libc6-dev', run: { argv: ['cc', '--version'], prints: /^cc \(Debian/ } },
  { names: 'postgresql-15', run: { argv: ['/usr/lib/postgresql/15/bin/postgres', '-V'], prints: /PostgreSQL\) 15/ } },
  { names: 'nodejs', run: { argv: ['node', '-p', 'process.versions.openssl'], prints: /^3\./ } },
  {
    // Its script makes alternatives in a loop, which only running it would understand: the image says so.
    names: 'openjdk-17-jre-headless',
    run: { argv: ['/usr/lib/jvm/java-17-openjdk-amd64/bin/java', '-version'], prints: /OpenJDK/ },
  },
  { names: 'busybox coreutils dash zsh', run: { argv: ['rzsh', '-c', 'echo $ZSH_NAME'], prints: /rzsh/ } },
];

const others = `
apache2
haproxy lighttpd
mariadb-server
memcached dnsmasq unbound
bind9 bind9-dnsutils
openssh-server openssh-client
exim4-daemon-light mailutils
postfix
dovecot-imapd
rsyslog cron logrotate
sudo login passwd adduser
mount util-linux procps fuse3
php-fpm php-cli php-curl
lua5.4 tcl guile-3.0
golang-go
rustc
ocaml-base-nox
erlang-base
sbcl
g++ cmake ninja-build pkg-config
autoconf automake libtool gettext bison flex
clang
gfortran gdb
tzdata locales netbase
man-db less groff-base
iproute2 iputils-ping nftables wireguard-tools
systemd systemd-sysv dbus udev
docker.io runc
imagemagick ghostscript
graphviz fonts-dejavu-core fontconfig
texlive-base
python3-numpy python3-dev
libssl-dev libcurl4-openssl-dev libncurses-dev
xterm xfonts-base x11-common
libreoffice-core-nogui
debianutils debconf apt apt-utils
`
  .trim()
  .split('\n')
  .map((names): UnpackSet => ({ names }));

/** Servers, languages, tools, libraries; alternatives, hard links, set-user-id programs, odd names, many packages. */
export const unpackSets: readonly UnpackSet[] = [...withPrograms, ...others];

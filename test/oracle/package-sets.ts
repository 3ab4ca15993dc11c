/** What people put into images and build roots, one set a line, for comparing a resolver with the distribution's own. */
export const packageSets: readonly string[] = `
gcc libc6-dev
gcc make libc6-dev
g++
g++ cmake ninja-build
build-essential
build-essential debhelper fakeroot
autoconf automake libtool pkgconf
clang
clang lld
clang-format
gfortran
golang-go
golang-go git ca-certificates
rustc cargo
ocaml
ghc
default-jdk-headless
default-jre-headless
openjdk-17-jre-headless
openjdk-17-jdk
maven
gradle
nodejs
npm
python3
python3-minimal
python3-venv
python3-pip
python3-dev gcc
python3-numpy
python3-scipy python3-matplotlib
python3-django
python3-flask gunicorn
python3-requests python3-yaml
python3-cryptography
python3-sqlalchemy python3-psycopg2
python3-setuptools python3-wheel
cython3
ipython3
perl
perl-base
libdbi-perl libdbd-pg-perl
libwww-perl
ruby
ruby-dev ruby-bundler
rails
rake
php-cli
php-fpm
php-cli php-curl php-mbstring php-xml
php-fpm nginx
php8.2-uuid
libapache2-mod-php
composer
lua5.4
luajit
guile-3.0
erlang-base
elixir
r-base-core
octave
swi-prolog-nox
sbcl
tcl
mono-runtime
nginx
nginx-light
nginx-full
apache2
apache2 libapache2-mod-wsgi-py3
lighttpd
haproxy
varnish
squid
caddy
tomcat10
jetty9
postgresql
postgresql-15
postgresql-client
mariadb-server
mariadb-client
default-mysql-server
redis-server
redis-tools
memcached
sqlite3
rabbitmq-server
mosquitto
etcd-server
influxdb
prometheus
prometheus-node-exporter
zookeeper
slapd
ldap-utils
bind9
bind9-dnsutils
dnsmasq
unbound
openssh-server
openssh-client
postfix
exim4
exim4-daemon-light
dovecot-imapd
dovecot-core spamassassin
nullmailer
msmtp-mta
mailutils
samba
nfs-kernel-server
vsftpd
proftpd-core
openvpn
wireguard-tools
strongswan
iptables
nftables
fail2ban
chrony
ntpsec
rsyslog
syslog-ng-core
cron
anacron
systemd
systemd-sysv
dbus
sudo
docker.io
containerd
runc
podman
buildah
skopeo
qemu-system-x86
qemu-utils
libvirt-daemon-system
lxc
ansible
puppet-agent
git
git-lfs
mercurial
subversion
curl
curl ca-certificates
wget ca-certificates
ca-certificates
jq
vim
vim-tiny
nano
emacs-nox
tmux screen
bash coreutils
busybox
dash
zsh
fish
less man-db
tar xz-utils zstd
zip unzip
rsync
strace gdb
valgrind
tzdata
locales
netbase
iproute2 iputils-ping
procps
ffmpeg
imagemagick
ghostscript
graphviz
pandoc
texlive-latex-base
texlive-latex-extra
libreoffice-core-nogui
inkscape
gimp
chromium
firefox-esr
xvfb
xterm
openbox
xfce4
gnome-core
libssl-dev
libssl3
libcurl4-openssl-dev
libcurl4-gnutls-dev
libxml2-dev libxslt1-dev
libpq-dev
libsqlite3-dev
libmariadb-dev
default-libmysqlclient-dev
libpng-dev libjpeg-dev libtiff-dev
libgtk-3-dev
qtbase5-dev
qt6-base-dev
libsdl2-dev
libboost-all-dev
libboost-dev
libopencv-dev
libprotobuf-dev protobuf-compiler
libgrpc++-dev
libsystemd-dev
libudev-dev
libncurses-dev libreadline-dev
zlib1g-dev libbz2-dev liblzma-dev
libffi-dev
libyaml-dev
libpcre3-dev
libevent-dev
libuv1-dev
libnghttp2-dev
libkrb5-dev
libldap-dev
libsasl2-dev
libsasl2-modules
libexpat1-dev
libglib2.0-dev
libelf-dev
libbpf-dev
linux-libc-dev
libstdc++6
libgcc-s1
libc6
libc-bin
base-files base-passwd
apt
dpkg-dev
devscripts
debhelper
meson
gettext intltool
bison flex
swig
doxygen
asciidoc
docbook-xsl xsltproc
nginx curl jq ca-certificates tzdata
python3 postgresql-client redis-tools
openjdk-17-jre-headless ca-certificates curl
ruby postgresql-client nodejs
php-fpm mariadb-client cron
gcc clang cmake python3 git
`
  .trim()
  .split('\n');

/**
 * Groups of projects that build with Gradle or Ant and leave no `pom.properties`, as they publish on Maven Central. An artifact is
 * believed to be theirs only when it bears one of their names and holds classes of their packages.
 */
export function knownGroup(artifact: string, holds: (folder: string) => boolean): string | undefined {
  return KNOWN.find(({ names, folder }) => names.test(artifact) && holds(folder))?.group;
}

interface KnownGroup {
  readonly group: string;
  readonly names: RegExp;
  /** Of its classes. */
  readonly folder: string;
}

const KNOWN: readonly KnownGroup[] = [
  {
    group: 'org.springframework',
    names:
      /^spring-(?:aop|aspects|beans|context(?:-indexer|-support)?|core(?:-test)?|expression|instrument|jcl|jdbc|jms|messaging|orm|oxm|r2dbc|test|tx|web|webflux|webmvc|websocket)$/,
    folder: 'org/springframework/',
  },
  { group: 'org.springframework.boot', names: /^spring-boot(?:-[a-z0-9-]+)?$/, folder: 'org/springframework/boot/' },
  {
    group: 'org.springframework.security',
    names: /^spring-security-[a-z0-9-]+$/,
    folder: 'org/springframework/security/',
  },
  {
    group: 'org.springframework.data',
    names: /^spring-data-(?:commons|jdbc|jpa|mongodb|redis|rest-core|rest-webmvc)$/,
    folder: 'org/springframework/data/',
  },
  {
    group: 'org.springframework.cloud',
    names: /^spring-cloud-(?:function|gateway|config|context|commons|netflix)(?:-[a-z0-9-]+)?$/,
    folder: 'org/springframework/cloud/',
  },
  { group: 'org.apache.tomcat.embed', names: /^tomcat-embed-(?:core|el|jasper|websocket)$/, folder: 'org/apache/' },
  { group: 'org.apache.kafka', names: /^kafka-(?:clients|streams|server-common|raft)$/, folder: 'org/apache/kafka/' },
  { group: 'org.apache.lucene', names: /^lucene-[a-z0-9-]+$/, folder: 'org/apache/lucene/' },
  {
    group: 'org.bouncycastle',
    names: /^bc(?:prov|pkix|util|pg|mail|tls)(?:-ext)?-(?:jdk[0-9a-z]+on|jdk18on|lts8on|fips)$/,
    folder: 'org/bouncycastle/',
  },
  { group: 'org.elasticsearch', names: /^elasticsearch(?:-[a-z0-9-]+)?$/, folder: 'org/elasticsearch/' },
  { group: 'com.squareup.okhttp3', names: /^okhttp(?:-[a-z-]+)?$/, folder: 'okhttp3/' },
  { group: 'com.squareup.okio', names: /^okio(?:-jvm)?$/, folder: 'okio/' },
  { group: 'org.jetbrains.kotlin', names: /^kotlin-(?:stdlib|reflect)(?:-[a-z0-9-]+)?$/, folder: 'kotlin/' },
  { group: 'io.grpc', names: /^grpc-[a-z0-9-]+$/, folder: 'io/grpc/' },
  { group: 'io.projectreactor.netty', names: /^reactor-netty(?:-core|-http)?$/, folder: 'reactor/netty/' },
];

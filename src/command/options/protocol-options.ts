/**
 * Options of protocols (http, tcp, srt...), by protocol. Each takes a value.
 * Names of FFmpeg 5.1 as Debian builds it, those that 7.0 added, and those that went after 4.3.
 */
export const protocolOptions: Readonly<Record<string, string>> = {
  amqp: 'pkt_size exchange routing_key connection_timeout delivery_mode',
  async: 'async-test-read-error',
  avio: 'protocol_whitelist protocol_blacklist rw_timeout',
  bluray: 'playlist angle chapter region',
  cache: 'read_ahead_limit',
  crypto: 'key iv decryption_key decryption_iv encryption_key encryption_iv',
  ffrtmphttp: 'ffrtmphttp_tls',
  file: 'truncate blocksize follow seekable fd',
  ftp: 'timeout ftp-write-seekable ftp-anonymous-password ftp-user ftp-password',
  http: `
    seekable chunked_post http_proxy headers content_type user_agent referer multiple_requests post_data
    cookies icy auth_type send_expect_100 location offset end_offset method reconnect reconnect_at_eof
    reconnect_on_network_error reconnect_on_http_error reconnect_streamed reconnect_delay_max listen
    resource reply_code short_seek_size max_redirects mime_type http_version icy_metadata_headers
    icy_metadata_packet metadata user-agent
  `,
  https: `
    seekable chunked_post http_proxy headers content_type user_agent referer multiple_requests post_data
    cookies icy auth_type send_expect_100 location offset end_offset method reconnect reconnect_at_eof
    reconnect_on_network_error reconnect_on_http_error reconnect_streamed reconnect_delay_max listen
    resource reply_code short_seek_size max_redirects
  `,
  icecast: `
    ice_genre ice_name ice_description ice_url ice_public user_agent password content_type
    legacy_icecast tls
  `,
  ipfs: 'gateway',
  librist: 'rist_profile buffer_size fifo_size overrun_nonfatal pkt_size log_level secret encryption',
  librtmp: 'rtmp_buffer_size',
  libsmbclient: 'workgroup',
  libsrt: `
    timeout listen_timeout send_buffer_size recv_buffer_size pkt_size payload_size maxbw pbkeylen
    passphrase enforced_encryption kmrefreshrate kmpreannounce snddropdelay mss ffs ipttl iptos inputbw
    oheadbw latency tsbpddelay rcvlatency peerlatency tlpktdrop nakreport connect_timeout mode sndbuf
    rcvbuf lossmaxttl minversion streamid srt_streamid smoother messageapi transtype linger tsbpd
  `,
  libssh: 'timeout truncate private_key',
  pipe: 'blocksize',
  prompeg: 'ttl l d',
  rtmp: `
    rtmp_app rtmp_buffer rtmp_conn rtmp_flashver rtmp_flush_interval rtmp_live rtmp_pageurl
    rtmp_playpath rtmp_subscribe rtmp_swfhash rtmp_swfsize rtmp_swfurl rtmp_swfverify rtmp_tcurl
    rtmp_listen listen tcp_nodelay timeout
  `,
  rtmpcrypt: 'ffrtmpcrypt_tunneling',
  rtmpproto: 'rtmp_enhanced_codecs',
  rtmps: `
    rtmp_app rtmp_buffer rtmp_conn rtmp_flashver rtmp_flush_interval rtmp_live rtmp_pageurl
    rtmp_playpath rtmp_subscribe rtmp_swfhash rtmp_swfsize rtmp_swfurl rtmp_swfverify rtmp_tcurl
    rtmp_listen listen tcp_nodelay timeout
  `,
  rtmpt: `
    rtmp_app rtmp_buffer rtmp_conn rtmp_flashver rtmp_flush_interval rtmp_live rtmp_pageurl
    rtmp_playpath rtmp_subscribe rtmp_swfhash rtmp_swfsize rtmp_swfurl rtmp_swfverify rtmp_tcurl
    rtmp_listen listen tcp_nodelay timeout
  `,
  rtmpts: `
    rtmp_app rtmp_buffer rtmp_conn rtmp_flashver rtmp_flush_interval rtmp_live rtmp_pageurl
    rtmp_playpath rtmp_subscribe rtmp_swfhash rtmp_swfsize rtmp_swfurl rtmp_swfverify rtmp_tcurl
    rtmp_listen listen tcp_nodelay timeout
  `,
  rtp: `
    ttl buffer_size rtcp_port local_rtpport local_rtcpport connect write_to_source pkt_size dscp timeout
    sources block fec localaddr
  `,
  sctp: 'listen timeout listen_timeout max_streams',
  srtp: 'srtp_out_suite srtp_out_params srtp_in_suite srtp_in_params',
  subfile: 'start end',
  tcp: 'listen timeout listen_timeout send_buffer_size recv_buffer_size tcp_nodelay tcp_mss local_addr',
  tee: 'use_fifo fifo_options',
  tls: 'ca_file cafile tls_verify cert_file key_file listen verifyhost http_proxy',
  tls_mbedtls: 'key_password',
  udp: `
    buffer_size bitrate burst_bits localport local_port localaddr udplite_coverage pkt_size reuse
    reuse_socket broadcast ttl connect fifo_size overrun_nonfatal timeout sources block
  `,
  udplite: `
    buffer_size bitrate burst_bits localport local_port localaddr udplite_coverage pkt_size reuse
    reuse_socket broadcast ttl connect fifo_size overrun_nonfatal timeout sources block
  `,
  unix: 'listen timeout type',
  zmq: 'pkt_size',
}

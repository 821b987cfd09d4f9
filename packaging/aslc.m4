# aslc.m4 - for projects that use aslc with autotools.                                -*- Autoconf -*-
#
# ASLC_PROG([MINIMUM-VERSION]) finds the program (ASLC) and libaslrt (ASLRT_CFLAGS, ASLRT_LIBS) by
# pkg-config, and substitutes ASLC_RULES, which holds the rules of aslc.mk; put @ASLC_RULES@ on a line of
# its own in Makefile.am.
AC_DEFUN([ASLC_PROG], [
  AC_REQUIRE([PKG_PROG_PKG_CONFIG])
  PKG_CHECK_MODULES([ASLRT], [aslrt m4_ifval([$1], [>= $1])])
  AC_ARG_VAR([ASLC], [the aslc program])
  AS_IF([test -z "$ASLC"], [ASLC=`$PKG_CONFIG --variable=aslc aslc`])
  AS_IF([test -x "$ASLC"], [], [AC_MSG_ERROR([aslc was not found; set ASLC to where it is])])
  ASLC_RULES=`$PKG_CONFIG --variable=pkgdatadir aslc`/aslc.mk
  AC_SUBST_FILE([ASLC_RULES])
])

# Aggregates of normalised returns: hopper
# Written by `suite plot`. To draw it again, in this folder: gnuplot aggregates-hopper.gp

W = 850
H = 576
set terminal svg noenhanced size W, H font 'sans-serif,14' background '#ffffff'
SMALL = ',11'
set output 'aggregates-hopper.svg'
data = 'aggregates-hopper.dat'

set style line 1 lc rgb '#000000' lw 2 dt (8,3) pt 4 ps 0.7 # scratch
set style line 2 lc rgb '#CC79A7' lw 2 dt (2,2) pt 13 ps 0.7 # distill
set style line 3 lc rgb '#0072B2' lw 2 dt 1 pt 7 ps 0.7 # dqinit
set style line 4 lc rgb '#E69F00' lw 2 dt (14,3) pt 9 ps 0.7 # finetune
set style line 5 lc rgb '#009E73' lw 2 dt (8,3,2,3) pt 5 ps 0.7 # jsrl

set border 3 lc rgb '#404040'
set tics nomirror scale 0.5
set grid ytics lc rgb '#e4e4e4' lt 1 lw 1
set key off
set title offset 0,-0.6
set xlabel offset 0,0.4
set style fill transparent solid 0.16 noborder
set multiplot
unset grid
set grid xtics lc rgb '#e4e4e4' lt 1 lw 1
set ytics scale 0

set lmargin at screen 118./W
set rmargin at screen 268./W
set tmargin at screen 1 - 36./H
set bmargin at screen 1 - 152./H
set title 'interquartile mean'
set xlabel ''
set ylabel 'first 10 %'
set yrange [0.4:5.6]
set ytics ('scratch' 5, 'distill' 4, 'dqinit' 3, 'finetune' 2, 'jsrl' 1)
set xrange [0:1.5]
set xtics 0.5
plot data index 0 every ::0::0 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 1 dt 1 lw 2.5 ps 0.9, \
     data index 0 every ::1::1 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 2 dt 1 lw 2.5 ps 0.9, \
     data index 0 every ::2::2 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 3 dt 1 lw 2.5 ps 0.9, \
     data index 0 every ::3::3 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 4 dt 1 lw 2.5 ps 0.9, \
     data index 0 every ::4::4 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 5 dt 1 lw 2.5 ps 0.9

set lmargin at screen 304./W
set rmargin at screen 454./W
set tmargin at screen 1 - 36./H
set bmargin at screen 1 - 152./H
set title 'mean'
set xlabel ''
set ylabel ''
set yrange [0.4:5.6]
set ytics ('' 5, '' 4, '' 3, '' 2, '' 1)
set xrange [0:1.5]
set xtics 0.5
plot data index 1 every ::0::0 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 1 dt 1 lw 2.5 ps 0.9, \
     data index 1 every ::1::1 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 2 dt 1 lw 2.5 ps 0.9, \
     data index 1 every ::2::2 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 3 dt 1 lw 2.5 ps 0.9, \
     data index 1 every ::3::3 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 4 dt 1 lw 2.5 ps 0.9, \
     data index 1 every ::4::4 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 5 dt 1 lw 2.5 ps 0.9

set lmargin at screen 490./W
set rmargin at screen 640./W
set tmargin at screen 1 - 36./H
set bmargin at screen 1 - 152./H
set title 'median'
set xlabel ''
set ylabel ''
set yrange [0.4:5.6]
set ytics ('' 5, '' 4, '' 3, '' 2, '' 1)
set xrange [0:1.5]
set xtics 0.5
plot data index 2 every ::0::0 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 1 dt 1 lw 2.5 ps 0.9, \
     data index 2 every ::1::1 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 2 dt 1 lw 2.5 ps 0.9, \
     data index 2 every ::2::2 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 3 dt 1 lw 2.5 ps 0.9, \
     data index 2 every ::3::3 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 4 dt 1 lw 2.5 ps 0.9, \
     data index 2 every ::4::4 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 5 dt 1 lw 2.5 ps 0.9

set lmargin at screen 676./W
set rmargin at screen 826./W
set tmargin at screen 1 - 36./H
set bmargin at screen 1 - 152./H
set title 'optimality gap'
set xlabel ''
set ylabel ''
set yrange [0.4:5.6]
set ytics ('' 5, '' 4, '' 3, '' 2, '' 1)
set xrange [0:1]
set xtics 0.2
plot data index 3 every ::0::0 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 1 dt 1 lw 2.5 ps 0.9, \
     data index 3 every ::1::1 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 2 dt 1 lw 2.5 ps 0.9, \
     data index 3 every ::2::2 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 3 dt 1 lw 2.5 ps 0.9, \
     data index 3 every ::3::3 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 4 dt 1 lw 2.5 ps 0.9, \
     data index 3 every ::4::4 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 5 dt 1 lw 2.5 ps 0.9

set lmargin at screen 118./W
set rmargin at screen 268./W
set tmargin at screen 1 - 208./H
set bmargin at screen 1 - 324./H
set title ''
set xlabel ''
set ylabel 'area'
set yrange [0.4:5.6]
set ytics ('scratch' 5, 'distill' 4, 'dqinit' 3, 'finetune' 2, 'jsrl' 1)
set xrange [0:1.5]
set xtics 0.5
plot data index 4 every ::0::0 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 1 dt 1 lw 2.5 ps 0.9, \
     data index 4 every ::1::1 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 2 dt 1 lw 2.5 ps 0.9, \
     data index 4 every ::2::2 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 3 dt 1 lw 2.5 ps 0.9, \
     data index 4 every ::3::3 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 4 dt 1 lw 2.5 ps 0.9, \
     data index 4 every ::4::4 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 5 dt 1 lw 2.5 ps 0.9

set lmargin at screen 304./W
set rmargin at screen 454./W
set tmargin at screen 1 - 208./H
set bmargin at screen 1 - 324./H
set title ''
set xlabel ''
set ylabel ''
set yrange [0.4:5.6]
set ytics ('' 5, '' 4, '' 3, '' 2, '' 1)
set xrange [0:1.5]
set xtics 0.5
plot data index 5 every ::0::0 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 1 dt 1 lw 2.5 ps 0.9, \
     data index 5 every ::1::1 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 2 dt 1 lw 2.5 ps 0.9, \
     data index 5 every ::2::2 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 3 dt 1 lw 2.5 ps 0.9, \
     data index 5 every ::3::3 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 4 dt 1 lw 2.5 ps 0.9, \
     data index 5 every ::4::4 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 5 dt 1 lw 2.5 ps 0.9

set lmargin at screen 490./W
set rmargin at screen 640./W
set tmargin at screen 1 - 208./H
set bmargin at screen 1 - 324./H
set title ''
set xlabel ''
set ylabel ''
set yrange [0.4:5.6]
set ytics ('' 5, '' 4, '' 3, '' 2, '' 1)
set xrange [0:1.5]
set xtics 0.5
plot data index 6 every ::0::0 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 1 dt 1 lw 2.5 ps 0.9, \
     data index 6 every ::1::1 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 2 dt 1 lw 2.5 ps 0.9, \
     data index 6 every ::2::2 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 3 dt 1 lw 2.5 ps 0.9, \
     data index 6 every ::3::3 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 4 dt 1 lw 2.5 ps 0.9, \
     data index 6 every ::4::4 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 5 dt 1 lw 2.5 ps 0.9

set lmargin at screen 676./W
set rmargin at screen 826./W
set tmargin at screen 1 - 208./H
set bmargin at screen 1 - 324./H
set title ''
set xlabel ''
set ylabel ''
set yrange [0.4:5.6]
set ytics ('' 5, '' 4, '' 3, '' 2, '' 1)
set xrange [0:0.6]
set xtics 0.2
plot data index 7 every ::0::0 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 1 dt 1 lw 2.5 ps 0.9, \
     data index 7 every ::1::1 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 2 dt 1 lw 2.5 ps 0.9, \
     data index 7 every ::2::2 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 3 dt 1 lw 2.5 ps 0.9, \
     data index 7 every ::3::3 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 4 dt 1 lw 2.5 ps 0.9, \
     data index 7 every ::4::4 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 5 dt 1 lw 2.5 ps 0.9

set lmargin at screen 118./W
set rmargin at screen 268./W
set tmargin at screen 1 - 380./H
set bmargin at screen 1 - 496./H
set title ''
set xlabel 'normalised return'
set ylabel 'last 10 %'
set yrange [0.4:5.6]
set ytics ('scratch' 5, 'distill' 4, 'dqinit' 3, 'finetune' 2, 'jsrl' 1)
set xrange [0.4:1.4]
set xtics 0.2
plot data index 8 every ::0::0 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 1 dt 1 lw 2.5 ps 0.9, \
     data index 8 every ::1::1 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 2 dt 1 lw 2.5 ps 0.9, \
     data index 8 every ::2::2 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 3 dt 1 lw 2.5 ps 0.9, \
     data index 8 every ::3::3 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 4 dt 1 lw 2.5 ps 0.9, \
     data index 8 every ::4::4 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 5 dt 1 lw 2.5 ps 0.9

set lmargin at screen 304./W
set rmargin at screen 454./W
set tmargin at screen 1 - 380./H
set bmargin at screen 1 - 496./H
set title ''
set xlabel 'normalised return'
set ylabel ''
set yrange [0.4:5.6]
set ytics ('' 5, '' 4, '' 3, '' 2, '' 1)
set xrange [0.6:1.4]
set xtics 0.2
plot data index 9 every ::0::0 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 1 dt 1 lw 2.5 ps 0.9, \
     data index 9 every ::1::1 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 2 dt 1 lw 2.5 ps 0.9, \
     data index 9 every ::2::2 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 3 dt 1 lw 2.5 ps 0.9, \
     data index 9 every ::3::3 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 4 dt 1 lw 2.5 ps 0.9, \
     data index 9 every ::4::4 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 5 dt 1 lw 2.5 ps 0.9

set lmargin at screen 490./W
set rmargin at screen 640./W
set tmargin at screen 1 - 380./H
set bmargin at screen 1 - 496./H
set title ''
set xlabel 'normalised return'
set ylabel ''
set yrange [0.4:5.6]
set ytics ('' 5, '' 4, '' 3, '' 2, '' 1)
set xrange [0.6:1.4]
set xtics 0.2
plot data index 10 every ::0::0 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 1 dt 1 lw 2.5 ps 0.9, \
     data index 10 every ::1::1 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 2 dt 1 lw 2.5 ps 0.9, \
     data index 10 every ::2::2 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 3 dt 1 lw 2.5 ps 0.9, \
     data index 10 every ::3::3 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 4 dt 1 lw 2.5 ps 0.9, \
     data index 10 every ::4::4 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 5 dt 1 lw 2.5 ps 0.9

set lmargin at screen 676./W
set rmargin at screen 826./W
set tmargin at screen 1 - 380./H
set bmargin at screen 1 - 496./H
set title ''
set xlabel 'normalised return'
set ylabel ''
set yrange [0.4:5.6]
set ytics ('' 5, '' 4, '' 3, '' 2, '' 1)
set xrange [0:0.4]
set xtics 0.1
plot data index 11 every ::0::0 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 1 dt 1 lw 2.5 ps 0.9, \
     data index 11 every ::1::1 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 2 dt 1 lw 2.5 ps 0.9, \
     data index 11 every ::2::2 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 3 dt 1 lw 2.5 ps 0.9, \
     data index 11 every ::3::3 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 4 dt 1 lw 2.5 ps 0.9, \
     data index 11 every ::4::4 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars ls 5 dt 1 lw 2.5 ps 0.9

unset title
unset xlabel
unset ylabel
unset tics
unset border
unset grid
unset object
unset arrow
unset label
unset colorbox
set lmargin at screen 0
set rmargin at screen 1
set bmargin at screen 0
set tmargin at screen 1
set xrange [0:1]
set yrange [0:1]
set label '0: random actions, 1: long training from scratch; of the gap less is better; whisker: 95 % stratified bootstrap interval' at screen 0.5, screen 19./H center font SMALL tc rgb '#404040'
plot NaN notitle

unset multiplot
unset output

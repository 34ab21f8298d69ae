# Return before the first training step, minus that of scratch: cartpole
# Written by `suite plot`. To draw it again, in this folder: gnuplot jumpstart-cartpole.gp

W = 528
H = 364
set terminal svg noenhanced size W, H font 'sans-serif,14' background '#ffffff'
SMALL = ',11'
set output 'jumpstart-cartpole.svg'
data = 'jumpstart-cartpole.dat'

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
set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc rgb '#404040' lw 1

set lmargin at screen 86./W
set rmargin at screen 276./W
set tmargin at screen 1 - 36./H
set bmargin at screen 1 - 132./H
set title 'wide_1'
set xlabel ''
set yrange [0.4:4.6]
set ytics ('distill' 4, 'dqinit' 3, 'finetune' 2, 'jsrl' 1)
set xrange [0:600]
set xtics 200
plot 0 notitle, \
    data index 0 every ::0::0 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 2 fs solid 0.8 noborder, \
    data index 0 every ::1::1 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 3 fs solid 0.8 noborder, \
    data index 0 every ::2::2 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 4 fs solid 0.8 noborder, \
    data index 0 every ::3::3 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 5 fs solid 0.8 noborder, \
    data index 0 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars lc rgb '#202020' lw 1.5 pt 7 ps 0.3

set lmargin at screen 314./W
set rmargin at screen 504./W
set tmargin at screen 1 - 36./H
set bmargin at screen 1 - 132./H
set title 'wide_2'
set xlabel ''
set yrange [0.4:4.6]
set ytics ('' 4, '' 3, '' 2, '' 1)
set xrange [0:600]
set xtics 200
plot 0 notitle, \
    data index 1 every ::0::0 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 2 fs solid 0.8 noborder, \
    data index 1 every ::1::1 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 3 fs solid 0.8 noborder, \
    data index 1 every ::2::2 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 4 fs solid 0.8 noborder, \
    data index 1 every ::3::3 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 5 fs solid 0.8 noborder, \
    data index 1 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars lc rgb '#202020' lw 1.5 pt 7 ps 0.3

set lmargin at screen 86./W
set rmargin at screen 276./W
set tmargin at screen 1 - 188./H
set bmargin at screen 1 - 284./H
set title 'within_1'
set xlabel 'return, difference to scratch'
set yrange [0.4:4.6]
set ytics ('distill' 4, 'dqinit' 3, 'finetune' 2, 'jsrl' 1)
set xrange [0:600]
set xtics 200
plot 0 notitle, \
    data index 2 every ::0::0 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 2 fs solid 0.8 noborder, \
    data index 2 every ::1::1 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 3 fs solid 0.8 noborder, \
    data index 2 every ::2::2 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 4 fs solid 0.8 noborder, \
    data index 2 every ::3::3 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 5 fs solid 0.8 noborder, \
    data index 2 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars lc rgb '#202020' lw 1.5 pt 7 ps 0.3

set lmargin at screen 314./W
set rmargin at screen 504./W
set tmargin at screen 1 - 188./H
set bmargin at screen 1 - 284./H
set title 'within_2'
set xlabel 'return, difference to scratch'
set yrange [0.4:4.6]
set ytics ('' 4, '' 3, '' 2, '' 1)
set xrange [0:600]
set xtics 200
plot 0 notitle, \
    data index 3 every ::0::0 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 2 fs solid 0.8 noborder, \
    data index 3 every ::1::1 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 3 fs solid 0.8 noborder, \
    data index 3 every ::2::2 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 4 fs solid 0.8 noborder, \
    data index 3 every ::3::3 using 3:1:(0):3:($1-0.32):($1+0.32) with boxxyerror ls 5 fs solid 0.8 noborder, \
    data index 3 using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with xerrorbars lc rgb '#202020' lw 1.5 pt 7 ps 0.3

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
set label 'mean over pairs of seeds, whisker: 95 % bootstrap interval' at screen 0.5, screen 19./H center font SMALL tc rgb '#404040'
plot NaN notitle

unset multiplot
unset output
